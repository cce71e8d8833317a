// Words of the fleet's page, in English and in Chinese.
import { COMMON } from "./common.js";

export const WORDS = {
  en: {
    ...COMMON.en,
    fleet: "fleet", overview: "Overview", overviewHint: "how many, and what to look at", workers: "workers", noWorkers: "no worker: nothing is begun or held",
    takeovers: "takeovers", handovers: "handovers", losses: "losses", all: "All", taken: "Taken over",
    look: "To be looked at", lookNone: "Nothing is unknown or lost, and nothing failed.", takenNone: "No worker has died with these.",
    line: "In line", lineNone: "Nothing waits.", from: "from", fromTo: "from {} by {}", nobody: "nobody",
    none: "No recordings yet", noneHint: "What is asked for with fleet.record(…) appears here at once.", stop: "Stop", stopAsked: "stop asked",
    sure: "Stop {}?", sureHint: "Whoever holds it stops it, and what was recorded is kept. One that waits is not begun.", leave: "Let it run",
    stopping: "The stop is written down: whoever holds it stops it.", channel: "channel", asked: "asked", begun: "begun", running: "runs since", over: "over",
    until: "until", lasts: "for", worker: "worker", heldLast: "held last by", problem: "What went wrong last", story: "Story", parts: "Parts", recipe: "Recipe", part: "Part",
    handle: "Copy handle", uid: "UID", resource: "resource ID", causes: "Likely causes of its end", noCauses: "It was stopped.",
    uploading: "upload", noFiles: "No file is known yet: at its end they are listed.", predicted: "predicted", noParts: "It has not been acquired yet.", lasted: "ran for",
    noResult: "What came of it nobody can know.", isCut: "More are there: these are the oldest that are not over, and the latest that are.", restart: "recorded anew when it ends by itself",
    what: { "held": "held by", "taken over": "taken over by", "handed over": "handed over to", "stop asked": "Somebody asked to stop it", "problem": "Went wrong" },
    states: { waiting: "waiting", starting: "starting", running: "running", unknown: "unknown", lost: "lost", stopping: "stopping", uploading: "uploading", done: "done", failed: "failed" },
    keyList: { "j / k": "next, previous recording", "/": "filter", "o": "overview", "s": "stop it", "t": "light or dark", "l": "中文", "?": "this" },
  },
  zh: {
    ...COMMON.zh,
    fleet: "fleet", overview: "概览", overviewHint: "各状态数量，以及需要查看的录制", workers: "worker", noWorkers: "没有 worker：录制不会开始，也无人看护",
    takeovers: "接管", handovers: "移交", losses: "失踪", all: "全部", taken: "被接管",
    look: "需要查看", lookNone: "没有状态未知、失踪或失败的录制。", takenNone: "没有因 worker 异常退出而被接管的录制。",
    line: "排队中", lineNone: "没有排队的录制。", from: "原看护者", fromTo: "由 {} 转到 {}", nobody: "无",
    none: "还没有录制", noneHint: "用 fleet.record(…) 请求的录制会立即出现在这里。", stop: "停止录制", stopAsked: "已请求停止",
    sure: "停止录制 {}？", sureHint: "由看护它的 worker 停止，已录制的内容会保留。排队中的录制不再开始。", leave: "继续录制",
    stopping: "已记下停止请求：由看护它的 worker 执行。", channel: "频道", asked: "请求于", begun: "开始于", running: "录制自", over: "结束于",
    until: "录制到", lasts: "时长", worker: "worker", heldLast: "最后由", problem: "最近一次问题", story: "经过", parts: "分段", recipe: "配方", part: "分段",
    handle: "复制 handle", uid: "UID", resource: "resource ID", causes: "可能的结束原因", noCauses: "由请求停止。",
    uploading: "上传", noFiles: "暂无文件信息：结束时列出。", predicted: "预计", noParts: "尚未 acquire。", lasted: "录制了",
    noResult: "结果无从得知。", isCut: "还有更多：这里是最早的未结束录制和最近结束的录制。", restart: "自行结束时重新录制",
    what: { "held": "看护者", "taken over": "接管者", "handed over": "移交给", "stop asked": "有人请求停止", "problem": "出现问题" },
    states: { waiting: "排队", starting: "启动中", running: "录制中", unknown: "未知", lost: "失踪", stopping: "停止中", uploading: "上传中", done: "已完成", failed: "失败" },
    keyList: { "j / k": "下一个、上一个录制", "/": "筛选", "o": "概览", "s": "停止录制", "t": "浅色或深色", "l": "English", "?": "本说明" },
  },
};
