/**
 * TCVN 5712 (TCVN3, "ABC"), the code of old Vietnamese fonts, from 0xA0 on. Mail programs send it under the name of a Western code, so what
 * arrives is "§­êng" for "Đường".
 */
const TCVN3 =
  '\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ'

/** Common words that every other way of writing spells otherwise: each has a letter that only Vietnamese has, or a tone. */
const WORDS = new Set(
  (
    'không được đường người nước của và có là ở tôi xã phường thôn bản tỉnh ngày đã bị này nhà cho các một những với trên đến để đề nghị phản ánh ' +
    'kính gửi cơ quan chức năng xử lý kiểm tra hỏng rác điện cầu ngập sạt lở nhiều tại khu vực gần trước sau lại rất mong sớm bà con gây ô nhiễm ' +
    'nguyễn trần lê phạm thị văn địa chỉ số từ về ủy ban cảm ơn trân trọng'
  )
    .split(' ')
    .filter((word) => /[^a-z]/.test(word)),
)

/** How many of the most common Vietnamese words a text has: tells which of several ways to decode bytes was meant. */
export function vietnameseWords(text: string): number {
  let count = 0
  for (const [word] of text
    .slice(0, 20_000)
    .toLowerCase()
    .normalize('NFC')
    .matchAll(/[\p{L}\p{M}]+/gu))
    if (WORDS.has(word)) count++
  return count
}

/** A text whose bytes were TCVN3 and were read as a Western code, as it was meant; any other text as it is. */
export function repairTcvn3(text: string): string {
  if (!/[\u00a1-\u00ff]/.test(text)) return text
  const meant = text.replace(/[\u00a0-\u00ff]/g, (letter) => TCVN3[letter.charCodeAt(0) - 0xa0]!)
  return vietnameseWords(meant) >= Math.max(2, 2 * vietnameseWords(text) + 1) ? meant.normalize('NFC') : text
}
