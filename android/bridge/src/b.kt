package b
fun b() = org.xuncha.core.hello()
