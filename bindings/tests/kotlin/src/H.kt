package t
import kotlin.test.*
class Hello { @Test fun hi() { assertEquals("hello", org.xuncha.core.hello()) } }
