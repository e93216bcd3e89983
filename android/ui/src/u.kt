package u
import androidx.compose.runtime.Composable
import androidx.compose.material3.Text
@Composable fun U() { Text(b.b()+"：巡查") }
