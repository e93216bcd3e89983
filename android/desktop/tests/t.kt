package d
import kotlin.test.*
import androidx.compose.ui.test.*
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
@OptIn(ExperimentalTestApi::class)
class Shows { @Test fun hi() = runDesktopComposeUiTest(width=360,height=780) { setContent { u.U() }; onNodeWithText("hello：巡查").assertExists() } }
