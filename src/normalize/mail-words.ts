/** What mail programs write around a message, in the Vietnamese and the English of Gmail, Outlook, Apple Mail, Yahoo, Thunderbird and Zimbra. */

/** Subjects: "Re: Fwd: Trả lời: …". `CT` and `TL` are Zimbra's and Outlook's short forms. */
const REPLY = 're|aw|tl|trả lời|phản hồi|hồi âm'
const FORWARD = 'fwd?|ct|chuyển tiếp|chuyển'
export const SUBJECT_PREFIX = new RegExp(`^\\s*(?:(${FORWARD})|${REPLY})\\s*(?:[[(]\\d{1,3}[\\])])?\\s*:\\s*`, 'iu')

/** "On Mon, 23 Nov 2026 at 08:00, A <a@x.vn> wrote:", "Vào Th 2, 23 thg 11, 2026 lúc 08:00 A <a@x.vn> đã viết:", over up to four lines. */
export const ATTRIBUTION_OPENS = /^(?:on|vào|ngày|lúc|thứ)(?=[\s,])/iu
export const ATTRIBUTION_ENDS = /(?:wrote|(?:đã )?viết)\s*:$/iu
/** With a time or an address in it: "Ngày 20/11 ông A đã viết:" is the writer's own. */
export const ATTRIBUTION_HOLDS = /@|\d[:hg]\d\d/u
/** "A <a@x.vn> đã viết vào Th 2, 23 thg 11, 2026 lúc 08:00:" */
export const ATTRIBUTION_BY_NAME = /^[^<>]{0,100}<[^<>\s]{1,100}@[^<>\s]{1,200}>[\s,]{0,5}(?:wrote|đã viết).{0,80}:$/iu

/** "-----Original Message-----", "----- Tin nhắn gốc -----" */
export const ORIGINAL =
  /^-{2,}\s*(?:original (?:message|appointment)|reply message|(?:tin nhắn|thư) (?:gốc|ban đầu)|nguyên văn)\s*-{2,}$/iu
export const FORWARDED =
  /^(?:-{3,}\s*(?:forwarded message|(?:tin nhắn|thư)(?: đã| được)* chuyển tiếp)\s*-{3,}|(?:begin forwarded message|bắt đầu (?:chuyển tiếp (?:tin nhắn|thư)|(?:tin nhắn|thư)(?: đã| được)* chuyển tiếp)))\s*:?$/iu
/** What Outlook draws above a header. */
export const RULE = /^[_=-]{5,}$/

/** Lines of the header that stands above a quoted or forwarded message; Gmail marks them with asterisks. */
export const HEADER_LINES: readonly (readonly [name: string, line: RegExp])[] = [
  ['from', /^\*?(?:from|từ|người gửi)\s*:/iu],
  ['date', /^\*?(?:date|sent|ngày|ngày gửi|đã gửi|thời gian|gửi lúc)\s*:/iu],
  ['to', /^\*?(?:to|tới|đến|người nhận)\s*:/iu],
  ['cc', /^\*?(?:cc|đồng kính gửi|đồng gửi)\s*:/iu],
  ['subject', /^\*?(?:subject|chủ đề|tiêu đề|về việc)\s*:/iu],
]

/** "Gửi từ iPhone của tôi", "Sent from my Samsung Galaxy", "Được gửi từ Yahoo Mail trên Android", "Tải Outlook cho iOS" */
export const DEVICE =
  /^(?:(?:được )?gửi (?:từ|bằng) .{0,20}(?:iphone|ipad|android|samsung|galaxy|oppo|xiaomi|vivo|điện thoại|outlook|yahoo|zalo|mail|thư).{0,60}|sent from (?:my|yahoo|outlook|mail|samsung).{0,60}|(?:get|tải|lấy|nhận) outlook (?:for|cho|dành cho) .{0,60})$/iu

/** Alone on a line, above a name and an address. */
export const CLOSING =
  /^(?:xin |kính |rất )?(?:trân trọng|kính thư|kính chào|thân ái|thân mến|thân|(?:best |kind |warm )?regards|(?:yours )?sincerely|yours (?:truly|faithfully))(?: kính chào| cảm ơn| cám ơn| kính thư)?\s*[,.!]*$/iu
/** RFC 3676 §4.3; many programs lose the blank behind it. */
export const DELIMITER = /^-- ?$/
export const POSTSCRIPT = /^(?:p\.?\s?s|t\.?\s?b|tái bút)\s*[.:]/iu

/** Subjects of absence notes: "Automatic reply: …", "Trả lời tự động: …" */
export const ABSENT =
  /^(?:automatic reply|auto(?:matic|mated)?[- ]?(?:reply|response|responder)|out of (?:the )?office|(?:thư )?trả lời tự động|tự động trả lời|phản hồi tự động|vắng mặt)/iu
/** Local parts of addresses that nobody reads. */
export const NO_REPLY = /^(?:no|do-?not|dont|khong)[-_.]?(?:reply|tra-?loi)(?![a-z])/i
