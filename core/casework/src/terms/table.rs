// Made by `cargo xtask tokens` from content/design/terms.json: change it there.

terms! {
    RoleInspector "role.inspector" "巡查员" "inspector"
    RoleLeader "role.leader" "带队领导" "leader"
    RoleDispatcher "role.dispatcher" "派遣员" "dispatcher"
    RoleHandler "role.handler" "责任人" "handler"
    RoleVerifier "role.verifier" "核查员" "verifier"
    RoleContact "role.contact" "企业联系人" "enterprise contact"
    RoleViewer "role.viewer" "审计" "auditor"
    RoleAdministrator "role.administrator" "管理员" "administrator"
    RolePlatform "role.platform" "平台" "platform"
    RoleUnknown "role.unknown" "其他" "other"
    WordUnit "word.unit" "责任单位" "handling unit"
    WordSite "word.site" "点位" "site"
    WordCampaign "word.campaign" "专项活动" "campaign"
    WordVisit "word.visit" "走访" "visit"
    WordCheck "word.check" "检查" "check"
    WordStreet "word.street" "巡查" "patrol"
    WordDraft "word.draft" "草稿" "draft"
    WordLedger "word.ledger" "台账" "ledger"
    WordCaseLedger "word.case_ledger" "问题台账" "ledger of problems"
    WordVisitLedger "word.visit_ledger" "走访台账" "ledger of visits"
    WordBanner "word.banner" "锦旗" "banner"
    WordMeeting "word.meeting" "现场办公会" "on-site meeting"
    WordCaseFile "word.case_file" "案卷" "case"
    WordProblem "word.problem" "问题" "problem"
    WordSuggestion "word.suggestion" "建议" "suggestion"
    WordCondition "word.condition" "立案条件" "filing condition"
    WordClosingCondition "word.closing_condition" "结案条件" "closing condition"
    WordBeat "word.beat" "责任片" "beat"
    WordGrid "word.grid" "单元网格" "grid cell"
    WordComponent "word.component" "管理部件" "component"
    WordMatter "word.matter" "管理事项" "matter"
    WordRoadClass "word.road_class" "道路等级" "road class"
    WordTimeWindow "word.time_window" "时间窗" "time window"
    WordHint "word.hint" "提示" "hint"
    WordSnapshot "word.snapshot" "快照" "snapshot"
    WordOriginal "word.original" "原始照片" "original"
    WordDerivative "word.derivative" "水印副本" "derivative"
    WordProofSheet "word.proof_sheet" "证据核验单" "proof sheet"
    WordNotice "word.notice" "整改通知书" "rectification notice"
    WordPost "word.post" "岗位" "post"
    WordRegister "word.register" "登记" "enrol"
    WordBundle "word.bundle" "交接包" "bundle"
    WordMadeHeld "word.made_held" "入库情况" "made and held"
    WordPhones "word.phones" "手机与入库" "phones"
    WordDesk "word.desk" "派遣台" "dispatch desk"
    WordToday "word.today" "今日" "today"
    WordPeople "word.people" "人员与发码" "people and codes"
    WordForms "word.forms" "表单" "forms"
    StepReport "step.report" "上报" "report"
    StepAccept "step.accept" "立案" "file"
    StepReject "step.reject" "不予立案" "do not file"
    StepRequestMore "step.request_more" "退回补充" "ask for more"
    StepSupplement "step.supplement" "补充证据" "add evidence"
    StepCorrect "step.correct" "更正" "correct"
    StepDispatch "step.dispatch" "派遣" "dispatch"
    StepReceive "step.receive" "收到" "received"
    StepSendBack "step.send_back" "退回" "send back"
    StepRemind "step.remind" "催办" "remind"
    StepRectify "step.rectify" "提交整改" "feed back"
    StepRequestExtension "step.request_extension" "申请延期" "ask for extension"
    StepExtend "step.extend" "延期" "extend"
    StepRequestSuspension "step.request_suspension" "申请挂账" "ask for suspension"
    StepSuspend "step.suspend" "挂账" "suspend"
    StepResume "step.resume" "恢复办理" "resume"
    StepDecline "step.decline" "不同意" "decline"
    StepAcknowledge "step.acknowledge" "企业确认" "enterprise confirms"
    StepVerify "step.verify" "核查" "verify"
    StepClose "step.close" "结案" "close"
    StepRate "step.rate" "评价" "rate"
    StepReopen "step.reopen" "重新办理" "reopen"
    StepPreVerify "step.pre_verify" "核实" "verify before filing"
    StepAppeal "step.appeal" "申诉" "appeal"
    StepHandle "step.handle" "处置" "handling"
    StepRectification "step.rectification" "整改" "rectification"
    StepFeedback "step.feedback" "反馈" "feedback"
    StepRework "step.rework" "返工" "rework"
    StateReported "state.reported" "待受理" "to be filed" [Inbox Neutral]
    StateAccepted "state.accepted" "待派遣" "to be dispatched" [Inbox Neutral]
    StateDispatched "state.dispatched" "办理中" "being handled" [Play Primary]
    StateRectified "state.rectified" "待核查" "to be verified" [Eye Primary]
    StateVerified "state.verified" "待结案" "to be closed" [Eye Primary]
    StateSentBack "state.sent_back" "待重新派遣" "to be dispatched again" [Inbox Neutral]
    StateSuspended "state.suspended" "已挂账" "suspended" [Pause Neutral]
    StateClosed "state.closed" "已结案" "closed" [Check Ok]
    StateRejected "state.rejected" "不予立案" "not filed" [Cross Neutral]
    MarkOverdue "mark.overdue" "超期" "overdue" [Alert Danger]
    MarkOnPhone "mark.on_phone" "在本机" "on this phone" [ArrowUp Warn]
    MarkUploading "mark.uploading" "上传中{n}%" "uploading {n}%" [ArrowUp Warn]
    MarkHeld "mark.held" "平台已收" "held" [ShieldCheck Ok]
    MarkBackedUp "mark.backed_up" "已备份" "backed up" [ShieldCheck Ok]
    MarkRefused "mark.refused" "平台未采纳" "refused" [Hand Danger]
    MarkQuarantined "mark.quarantined" "平台代管" "quarantined" [Box Warn]
    MarkReworked "mark.reworked" "返工{n}次" "reworked {n}×" [Loop Warn]
    MarkHints "mark.hints" "提示{n}" "hints {n}" [Eye Hint]
    MarkDraft "mark.draft" "草稿" "draft" [Pencil Neutral]
    MarkRevoked "mark.revoked" "已停用" "revoked" [Cross Neutral]
    MarkNobody "mark.nobody" "无责任人" "nobody answers" [Alert Danger]
    OutcomeResolved "outcome.resolved" "解决" "resolved"
    OutcomePhasedPlan "outcome.phased_plan" "分步解决" "phased plan"
    OutcomePolicyExplained "outcome.policy_explained" "政策解释" "policy explained"
    CheckPassed "check.passed" "已整改到位" "rectified"
    CheckFailed "check.failed" "未到位" "not rectified"
    CheckNotFound "check.not_found" "找不到现场" "scene not found"
    CheckOnSite "check.on_site" "到现场" "on site"
    CheckByEvidence "check.by_evidence" "看材料" "by evidence"
    SatisfactionSatisfied "satisfaction.satisfied" "满意" "satisfied"
    SatisfactionFairly "satisfaction.fairly" "基本满意" "fairly satisfied"
    SatisfactionDissatisfied "satisfaction.dissatisfied" "不满意" "dissatisfied"
    ClockWorkingHours "clock.working_hours" "工作时" "working hours"
    ClockUrgentHours "clock.urgent_hours" "紧急工作时" "urgent hours"
    ClockWorkingDays "clock.working_days" "工作日" "working days"
    CountCase "count.case" "件" "cases"
    CountLine "count.line" "条" "records"
    CountEnterprise "count.enterprise" "家" "enterprises"
    CountSite "count.site" "处" "sites"
    CountPhoto "count.photo" "张" "photos"
    CountPhone "count.phone" "部" "phones"
    CountVisit "count.visit" "人次" "visits"
}
