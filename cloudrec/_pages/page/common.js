// Words that the pages share, in English and in Chinese.
export const COMMON = {
  en: {
    recordings: "Recordings", filter: "Filter ( / )", detail: "Details", keys: "Keyboard", close: "Close", theme: "Light or dark (T)",
    online: "live", offline: "not connected", copied: "Copied", copy: "Copy", recorder: "recorder", started: "started", ended: "ended",
    sid: "SID", state: "State", page: "Page", files: "Files", nothing: "Nothing yet.", timeline: "Timeline",
  },
  zh: {
    recordings: "录制", filter: "筛选（ / ）", detail: "详情", keys: "键盘快捷键", close: "关闭", theme: "浅色或深色（T）",
    online: "实时", offline: "未连接", copied: "已复制", copy: "复制", recorder: "录制端", started: "开始于", ended: "结束",
    sid: "SID", state: "状态", page: "页面", files: "文件", nothing: "暂无内容。", timeline: "时间线",
  },
};
