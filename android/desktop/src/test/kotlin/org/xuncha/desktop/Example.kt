package org.xuncha.desktop

import org.xuncha.bridge.SyncState
import org.xuncha.bridge.TodayState
import org.xuncha.core.*

/** The running example of the screens' drawings: 8 July 2026, 14:30, Wang Xin in Dongcheng. */
object Example {
    private fun case(
        id: String,
        headline: String,
        chip: String,
        tone: String,
        sentence: String,
    ) = CaseRow(id, headline, "DC-2026-$id", "办理中", "play", sentence, chip, tone, tone == "danger", "你", "", "")

    val waiting = SafetyLine("2条、12张在本机，等网络", 120u, 118u, 263u, 251u, false, "arrow_up")
    val safe = SafetyLine("今日做了12条、照片30张，平台已全部收到 14:26", 12u, 12u, 30u, 30u, true, "shield")

    val today =
        Today(
            dateLine = "7月8日 周三",
            whoLine = "东城区 · 王新",
            safety = waiting,
            drafts = listOf(DraftRow("d1", "street", "街面巡查", "人民路", 2u, "已填12项，差2项", 0)),
            cases =
                listOf(
                    case("0009", "道路不洁 · 建设路", "超期", "danger", "已超期1工作时40分，应于今天10:50前完成"),
                    case("0012", "暴露垃圾 · 人民路", "3工时", "warn", "还有3个工作时，今天17:30到期"),
                    case("0013", "非法小广告 · 解放大道中段", "2天", "neutral", "还有2个工作日，7月10日（周五）14:30到期"),
                    case("0014", "店外经营 · 西街", "2天", "neutral", "还有2个工作日，7月10日（周五）15:00到期"),
                    case("0015", "窨井盖破损 · 北环路", "4天", "neutral", "还有4个工作日，7月14日（周二）9:00到期"),
                ),
            checks = emptyList(),
            visits =
                listOf(
                    VisitRow("a1", "s1", "c1", "样例轮胎研发中心", "高新大道8号 · 惠企走访", "visit", false, "7月20日前"),
                    VisitRow("a2", "s2", "c1", "示范数字产业园", "创业路2号 · 惠企走访", "visit", true, ""),
                ),
            visitsTotal = 6u,
            visitsDone = 2u,
            visitsLine = "走访 6，已走2",
            emptySentence = "",
            dataTimeMs = 0,
        )

    val todayState = TodayState(today, listOf(FormRow("street", "1", "街面巡查", "street", true)))
    val calmState =
        TodayState(
            today.copy(
                safety = safe,
                drafts = emptyList(),
                cases = emptyList(),
                visits = emptyList(),
                emptySentence = "今天没有派给你的事。街上看到问题，随手拍照上报。",
            ),
        )

    private fun photoRow(
        id: String,
        word: String,
        percent: UInt,
        reason: String,
    ) = PhotoRow(id, "", word, percent, reason)

    val syncing =
        SyncState(
            SyncStatus(
                sentence = "今日做了120条，平台已收118条，2条在本机。照片263张，已收251张，12张在本机。内容都完好，有网自动上传。",
                made = 120u,
                held = 118u,
                photosMade = 263u,
                photosHeld = 251u,
                waitingOps = 2u,
                waitingPhotos = 12u,
                refused =
                    listOf(
                        RefusedRow("o1", "c9", "提交整改 · 道路不洁", "平台收到了，但没有采纳：李明已先办结。内容平台和本机都有。", true),
                    ),
                quarantined = emptyList(),
                photos =
                    listOf(
                        photoRow("p1", "上传中43%", 43u, ""),
                        photoRow("p2", "排队", 0u, ""),
                        photoRow("p3", "等Wi-Fi", 0u, "原图只用Wi-Fi传"),
                    ),
                hubCountSentence = "平台自己的数：118条、251张，一致",
                lastSyncMs = 1_783_492_200_000,
                running = null,
                notices = emptyList(),
            ),
        )

    val allHeld =
        SyncState(
            syncing.status!!.copy(
                sentence = "今日做了120条、照片263张，平台已全部收到并核对。",
                held = 120u,
                photosHeld = 263u,
                waitingOps = 0u,
                waitingPhotos = 0u,
                refused = emptyList(),
                photos = emptyList(),
                hubCountSentence = "平台自己的数：120条、263张，一致",
            ),
        )

    private fun choice(
        value: String,
        label: String,
        on: Boolean = false,
        detail: String = "",
    ) = Choice(value, label, "", on, detail)

    fun question(
        at: String,
        kind: QuestionKind,
        label: String,
        required: Boolean = true,
        value: String? = null,
        hint: String = "",
        problem: String = "",
        choices: List<Choice> = emptyList(),
        total: Int = choices.size,
        photos: List<PhotoView> = emptyList(),
        unit: String = "",
        preview: String = "",
        guidance: String = "",
    ) = Question(
        "/data/$at", kind, label, hint, guidance, "", required, false, value?.let { AnswerView(it, it) }, problem,
        choices, total.toUInt(), photos, unit, null, preview,
    )

    private fun item(question: Question) = Item.Question(question)

    fun screen(
        items: List<Item>,
        main: MainButton,
        missing: UInt,
        page: String,
        index: UInt,
        title: String = "街面巡查 · 人民路",
    ) = Screen(
        title, "中文", listOf("中文", "English"), page, index, 3u, missing, if (missing == 0u) "" else "还差${missing}项", items, main,
        index > 0u, false, "", true, "",
    )

    val problemPage =
        screen(
            listOf(
                item(
                    question(
                        "category", QuestionKind.SELECT_ONE, "类别", value = "暴露垃圾", total = 148,
                        choices = listOf(choice("0601", "暴露垃圾", true)),
                    ),
                ),
                item(
                    question(
                        "condition", QuestionKind.SELECT_ONE, "立案条件", value = "成堆",
                        choices = listOf(choice("a", "成堆，不足1立方米", true, "4工作时"), choice("b", "成片或超过1立方米", false, "2紧急工时")),
                        preview = "若现在派遣，明天8:30到期",
                    ),
                ),
                item(question("text", QuestionKind.TEXT, "描述", hint = "在哪、什么样，一句话就行")),
            ),
            MainButton("下一项：描述", MainKind.NEXT_QUESTION, "/data/text"),
            2u,
            "第2页，共3页：问题",
            1u,
        )

    private val shot = PhotoView("h1", "", "", "在本机", "arrow_up", "", "14:30")

    val everyKind =
        screen(
            listOf(
                Item.Heading(Heading("量一量", 1u)),
                item(question("height", QuestionKind.DECIMAL, "高度", value = "30", unit = "米", problem = "高度应在0.5到3米之间，你填了30。是不是3.0？")),
                item(question("count", QuestionKind.INTEGER, "数量", value = "3", unit = "处", required = false)),
                item(question("day", QuestionKind.DATE, "发现日期", value = "2026年7月8日（周三）")),
                item(question("when", QuestionKind.DATE_TIME, "发现时间", value = "2026年7月8日（周三）14:30")),
                item(
                    question(
                        "tools", QuestionKind.SELECT_MANY, "用到的设备", required = false,
                        choices = listOf("铲车", "洒水车", "高压冲洗", "吊车", "警戒带", "路锥", "围挡", "照明灯").mapIndexed { i, it -> choice("t$i", it, i == 2) },
                    ),
                ),
                item(question("note", QuestionKind.NOTE, "只记录看到的事实，不评论个人。")),
                item(question("sure", QuestionKind.ACKNOWLEDGE, "我在现场，照片是刚拍的。")),
                item(question("place", QuestionKind.GEO_POINT, "位置", value = "北纬30.00000，东经104.00000，约8米，WGS-84")),
                item(question("before", QuestionKind.IMAGE, "现场照片", photos = listOf(shot), guidance = "拍到路名牌更好；不拍无关的人。")),
                item(question("paper", QuestionKind.FILE, "附件", required = false)),
            ),
            MainButton("还差1项，去补", MainKind.GO_MISSING, "/data/height"),
            1u,
            "第3页，共3页：照片",
            2u,
        )

    val cards =
        screen(
            listOf(
                Item.Repeat(
                    Repeat(
                        "/data/problem", "收集的问题和建议",
                        listOf(
                            RepeatCard("/data/problem[1]", 1u, "问题 · 供水 · 水压不足", emptyList(), "填齐", 0u, true),
                            RepeatCard("/data/problem[2]", 2u, "建议 · 绿化 · 出入口扩建", emptyList(), "差1项", 1u, true),
                        ),
                        true,
                        "再加一个",
                    ),
                ),
            ),
            MainButton("第2条还差1项，去补", MainKind.GO_MISSING, "/data/problem[2]/unit"),
            1u,
            "第2页，共3页：问题和建议",
            1u,
            "企业走访 · 样例轮胎研发中心",
        )

    val missing =
        listOf(
            MissingRow("第2页 问题", "描述", "还没有写", "去填", "/data/text"),
            MissingRow("第3页 照片", "现场照片", "至少1张，现有0张", "去拍", "/data/before"),
        )

    val found =
        ChoicePage(
            listOf(choice("1", "样例轮胎研发中心项目 · 东城"), choice("2", "样例轮毂制造一期 · 西城"), choice("3", "样例轮胎仓储 · 北城")),
            3u,
        )

    val projects =
        question("project", QuestionKind.SELECT_ONE, "选择企业项目", total = 100_000, choices = listOf(choice("1", "样例轮胎研发中心项目 · 东城")))

    val finished = Finalized("r1", "已完成，存在本机。有网后自动上传；平台收到会在“今日”显示。", listOf("c1"))
}
