package org.xuncha.ui

import androidx.compose.runtime.staticCompositionLocalOf

/**
 * The chrome's own words, Chinese first, English second; terms as in the term table of the project.
 * Sentences that hold a value come from the core and stand nowhere here.
 */
class Words private constructor(
    val language: String,
) {
    private fun say(
        zh: String,
        en: String,
    ) = if (language == "en") en else zh

    private fun term(term: Term) = say(term.zh, term.en.capital())

    val today = term(Terms.wordToday)
    val mine = say("我的", "Mine")
    fun mineWaiting(n: ULong) = say("我的($n)", "Mine ($n)")
    val report = say("＋ 拍照上报", "+ Photo report")
    val look = say("看", "See")
    fun drafts(n: Int) = say("${Terms.wordDraft.zh} $n", "${Terms.wordDraft.en.capital()}s $n")
    val caseFile = term(Terms.wordCaseFile)
    val goOn = say("继续", "Go on")
    fun myCases(n: Int) = say("我的${Terms.wordCaseFile.zh} $n", "My cases $n")
    val byDeadline = say("按截止", "by deadline")
    fun checks(n: Int) = say("${Terms.stepVerify.zh}任务 $n", "To verify $n")
    val visit = term(Terms.wordVisit)
    fun more(n: Int) = say("还有${n}件", "$n more")
    val deleteDraft = say("删除${Terms.wordDraft.zh}", "Delete draft")
    val deleted = say("已删除。", "Deleted.")
    val undo = say("撤销", "Undo")
    val loading = say("正在取你的任务。可以先拍照上报。", "Fetching your tasks. You can report with a photo already.")
    val back = say("返回", "Back")
    /** A label as it is read out. */
    fun required(label: String) = say("$label，必填", "$label, required")
    val howTo = say("怎么拍、什么不采", "How to do it, what to leave out")
    fun searchAll(n: UInt) = say("搜索全部${n.counted()}项", "Search all ${n.counted()}")
    val noChoices = say("先填上面的题，这里才有可选的。", "Answer what stands above first; then there is something to choose here.")
    val search = say("输入一两个字", "Type a word")
    fun chosen(text: String) = say("已选：$text", "Chosen: $text")
    val none = say("无", "none")
    val recentChoices = say("最近用过", "Used lately")
    val firstChoices = say("全部", "All")
    fun found(
        text: String,
        total: UInt,
    ) = say("含“$text” ${total.counted()}项", "With “$text”: ${total.counted()}")
    fun notFound(text: String) =
        say(
            "没有含“$text”的。换个字试试；确实没有，可先存草稿，联系管理员补录。",
            "Nothing with “$text”. Try another word; if it is really missing, keep the draft and ask the administrator.",
        )
    fun moreChoices(n: UInt) = say("还有${n.counted()}项，再输一两个字", "${n.counted()} more: type another word")
    val done = say("选好了", "Done choosing")
    fun totalChoices(n: UInt) = say("共${n.counted()}项", "${n.counted()} in all")
    val takePhoto = say("拍照", "Take photo")
    val takeAnother = say("重拍", "Take again")
    val removePhoto = say("去掉这张", "Take it off")
    val chooseFile = say("选文件", "Choose file")
    val usePosition = say("用当前位置", "Use my position")
    val positionAgain = say("重新定位", "Locate again")
    val noPosition = say("没有取到位置。可以先填别的，有定位后再来。", "No position yet. Go on with the rest and come back when there is one.")
    val previousPage = say("上一页", "Previous")
    fun missingTitle(n: Int) = say("还差${n}项，补齐就能完成", "$n missing: fill them in to finish")
    val backToPlace = say("回到上次位置", "Back to where I was")
    fun backToList(n: UInt) = say("回到清单（还差${n}项）", "Back to the list ($n missing)")
    val nothingMissing = say("都填齐了，可以完成。", "Nothing is missing. You can finish.")
    val remove = say("删除", "Delete")
    fun add(label: String) = say("＋ $label", "+ $label")
    /** What is missing, and why. */
    fun because(
        what: String,
        why: String,
    ) = say("$what：$why", "$what: $why")
    /** What was typed, where it stands in a choice: not bold alone. */
    fun matched(text: String) = say("【$text】", "[$text]")
    /** Several things as they are read out, one after the other. */
    fun oneByOne(vararg things: String) = things.filter(String::isNotEmpty).joinToString(say("，", ", "))
    val todayChip = say("今天", "Today")
    val yesterdayChip = say("昨天", "Yesterday")
    val nowChip = say("现在", "Now")
    val change = say("修改", "Change")
    val year = say("年", "Year")
    val month = say("月", "Month")
    val day = say("日", "Day")
    val hour = say("时", "Hour")
    val minute = say("分", "Minute")
    fun step(
        unit: String,
        value: String,
    ) = say("$value$unit", "$unit $value")
    fun less(unit: String) = say("${unit}减", "$unit less")
    fun plus(unit: String) = say("${unit}加", "$unit more")
    val backToday = say("回今日", "To Today")
    val anotherOne = say("再报一个（同一地点）", "Another one here")
    val finishedTitle = say("已完成", "Finished")
    val working = say("正在处理", "Working")
    val syncTitle = term(Terms.wordMadeHeld)
    val syncNow = say("立即上传", "Upload now")
    val stopSync = say("停一下", "Stop")
    fun refused(n: Int) = say("${Terms.markRefused.zh} $n", "${Terms.markRefused.en.capital()} $n")
    fun quarantined(n: Int) = say("${Terms.markQuarantined.zh} $n", "${Terms.markQuarantined.en.capital()} $n")
    fun waitingOps(n: ULong) = say("$n${Terms.countLine.zh}：${Terms.markOnPhone.zh}", "$n ${Terms.markOnPhone.en}")
    fun waitingPhotos(n: ULong) = say("$n${Terms.countPhoto.zh}照片：${Terms.markOnPhone.zh}", if (n == 1uL) "1 photo ${Terms.markOnPhone.en}" else "$n ${Terms.countPhoto.en} ${Terms.markOnPhone.en}")
    fun heldLine(
        ops: ULong,
        photos: ULong,
    ) =
        say(
            "${Terms.markHeld.zh}$ops${Terms.countLine.zh}、$photos${Terms.countPhoto.zh}",
            "Held by the platform: $ops, photos $photos",
        )
    val reapply = say("按现状重新提交", "Submit again as things stand")
    val leave = say("留作记录", "Leave as a record")
    val photo = say("照片", "Photo")
    val near = say("附近", "Near")
    val ledger = term(Terms.wordLedger)
    fun mineSpoken(n: ULong) = say("我的，${n}条未入库", "Mine, $n not at the platform yet")
    val offline = say("离线", "Offline")
    fun keptAsDraft(text: String) =
        say(
            if (text.isEmpty()) "已存为草稿，都填齐了。" else "已存为草稿，$text。",
            if (text.isEmpty()) "Kept as a draft, complete." else "Kept as a draft, $text.",
        )
    val goOnFilling = say("继续填", "Go on")
    val how = say("怎么算的", "How it is computed")
    fun totalCases(n: UInt) = say("共${n.counted()}${Terms.countCase.zh}", "${n.counted()} in all")
    val searchLedger = say("搜路名、企业、编号、描述", "Search road, enterprise, number, words")
    val openOnly = say("未结", "Open")
    val mineOnly = say("我的", "Mine")
    val overdueOnly = term(Terms.markOverdue)
    val clearFilter = say("清除筛选", "Clear filters")
    fun fixAbout(n: Int) = say("定位约${n}米", "Located within $n m")
    val noFix = say("还没有定位（室内或刚开机）。先按名称列出。", "No position yet (indoors, or just switched on). Listed by name.")
    val noSites = say("还没有点位。取过资料后，你的范围内的点位会列在这里。", "No sites yet. Once fetched, the sites in your area are listed here.")
    val reportHere = term(Terms.stepReport)
    fun openCases(n: UInt) = say("未结$n${Terms.countCase.zh}", "$n open")
    val beforePhotos = say("${Terms.stepRectification.zh}前", "Before")
    val afterPhotos = say("${Terms.stepRectification.zh}后", "After")
    val history = say("经过", "History")
    fun photoCount(n: UInt) = say("照片${n}张", if (n == 1u) "1 photo" else "$n photos")
    val enrolTitle = say("巡查", "Xuncha")
    val enrolSay = say("粘贴管理员给的登记码。每个码只能用一次，24小时内有效。", "Paste the enrolment code from your administrator. A code works once, within 24 hours.")
    val noCode = say("没有码？联系本单位管理员。", "No code? Ask your administrator.")
    val code = say("${Terms.wordRegister.zh}码", "Enrolment code")
    val paste = say("粘贴", "Paste")
    val nothingCopied =
        say(
            "没有可粘贴的文字，什么都没有做。先在管理员发来的消息里复制登记码。",
            "There is nothing to paste; nothing was done. Copy the code from the administrator’s message first.",
        )
    val codeFirst = say("先输入${Terms.wordRegister.zh}码", "Enter the code first")
    val enrol = say("${Terms.wordRegister.zh}这部手机", "Enrol this phone")
    fun platform(text: String) = say("平台：$text", "Platform: $text")
    val isItYou = say("这是你吗？", "Is this you?")
    val notMe = say("不是我", "Not me")
    val itIsMe = say("是我，开始", "It’s me, start")
    val fetchedNext =
        say(
            "接着会取你的资料：表单、点位、未结案卷、时限目录。可以先开始，边用边取。",
            "Forms, sites, open cases and time limits are fetched next. You can start meanwhile.",
        )
    val forms = term(Terms.wordForms)
    val fillIn = say("填写", "Fill in")
    val display = say("显示", "Display")
    val lookSystem = say("跟随系统", "As the system")
    val lookLight = say("浅色", "Light")
    val lookDark = say("深色", "Dark")
    val lookSunlight = say("强光", "Sunlight")
    val understood = say("知道了", "Understood")
    val languageTitle = say("语言", "Language")

    companion object {
        private val zh = Words("zh")
        private val en = Words("en")

        /** The words of a language, Chinese where there are none. */
        fun of(language: String): Words = if (language.startsWith("en")) en else zh
    }
}

/** As the first word of a label. */
private fun String.capital(): String = replaceFirstChar(Char::uppercase)

/** With a comma from 1,000 on. */
private fun UInt.counted(): String = "%,d".format(java.util.Locale.ROOT, toLong())

/** The words in use. */
val LocalWords = staticCompositionLocalOf { Words.of("zh") }
