package d
fun main() {}
