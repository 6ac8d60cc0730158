import { findAll, findOne, type Said } from './said.ts'

/** What a message is: for most that come, a report. */
export type Kind = 'report' | 'followup' | 'petition' | 'praise' | 'question' | 'spam'

export interface KindRead {
  readonly value: Kind
  readonly confidence: number
  readonly start: number
  readonly end: number
  readonly why: readonly string[]
}

interface Sign {
  readonly pattern: RegExp
  readonly weight: number
}

const signs = (rows: readonly (readonly [weight: number, pattern: string])[]): readonly Sign[] =>
  rows.map(([weight, pattern]) => ({ weight, pattern: new RegExp(` (?:${pattern})(?= )`, 'g') }))

const ME = '(?:toi|tui|em|minh|con|chau|gia dinh(?: toi)?|chung toi|chung em|ba con|nguoi dan)'

/** Complaints and denunciations as the Law on Complaints and the Law on Denunciations mean them: someone's own case against a decision, or an accusation. */
const PETITION = signs([
  [3, 'don (?:khieu nai|to cao|khieu kien|khoi kien)'],
  [3, `${ME} (?:xin |nay |muon |lam don |phai |dung don |quyet |se )*(?:khieu nai|to cao|khoi kien|to giac hanh vi)`],
  [
    3,
    '(?:khieu nai|to cao|khoi kien) (?:quyet dinh|hanh vi|ong|ba|can bo|chu tich|giam doc|truong thon|viec thu hoi|viec boi thuong|cong an|ubnd|uy ban)',
  ],
  [2, '(?:luat|theo luat|giai quyet|thu ly|noi dung|nguoi|noi dung don) (?:khieu nai|to cao)'],
  [2, '(?:lam don|viet don|gui don|nop don|nhan don|dung don)(?: nay)? (?:khieu nai|to cao|to|kien|khoi kien)'],
  [2, '(?:khieu nai|to cao) lan (?:dau|hai|thu|1|2|3)'],
  [1.5, '(?:muon|xin|yeu cau) (?:khieu nai|to cao)'],
  [1, '(?:huy|thu hoi|khong dong y voi|khong dong y|bac bo|phan doi) (?:[^ |]+ ){0,2}?quyet dinh(?: so)?'],
  [1, '(?:thanh tra|doi thoai|boi thuong|den bu|thu hoi dat|giai toa|ap gia)'],
  [1, 'cam doan|chiu trach nhiem truoc phap luat'],
  [1, 'nhan hoi lo|tham nhung|nhan tien|an chan tien|lam gia|tron dong bao hiem|bien thu|tham o|chiem doat'],
])
/** "tôi không tố cáo ai", "đã khiếu nại với hãng": no petition. */
const NO_PETITION = signs([
  [
    4,
    '(?:khong|chang|chua|hong|ko|k|dau co|khong phai|khong he|khong co y|chua muon) (?:[^ |]+ ){0,3}?(?:khieu nai|to cao|kien|thua kien|kien cao|thua)',
  ],
  [
    2,
    '(?:da|tung|co) (?:khieu nai|to cao) (?:[^ |]+ ){0,2}?(?:cong ty|hang|nha mang|cua hang|ban quan ly|shop|chu dau tu|dien luc)',
  ],
  [
    1.5,
    '(?:khieu nai|to cao) (?:voi |len |toi |den )?(?:cong ty|hang|nha mang|cua hang|ban quan ly|shop|cong ty nuoc|dien luc)',
  ],
])

const SPAM = signs([
  [
    2,
    'giam gia|khuyen mai|uu dai|sale|xa kho|xa hang|flash sale|mua (?:1|mot|2) tang|freeship|free ship|mien phi van chuyen|mien phi ship|gia soc|gia re(?: nhat)?|chi (?:con |tu )?\\d+ ?k|chi con \\d+|voucher|ma giam',
  ],
  [
    2.5,
    'vay (?:tien|von|nhanh|tin chap|online)|giai ngan|lai suat|lai (?:0|\\d)|khong the chap|chi can cccd|ho tro vay|no xau|dao han|rut tien (?:the|mat)|the tin dung',
  ],
  [
    2.5,
    'tuyen (?:ctv|cong tac vien|dai ly|nhan vien|sale|gap|dung)|viec (?:nhe|lam tai nha)|luong cao|thu nhap (?:\\d|khung|cao|them|thu dong|on dinh)|lam viec tai nha|chot don|khong coc|kiem (?:tien|them)',
  ],
  [
    2.5,
    'khoa hoc|forex|crypto|tien ao|dau tu (?:sinh loi|an toan|online|thong minh)|cam ket (?:lai|loi nhuan|top|hoan tien|hieu qua|khoi)|lam giau|co phieu|chung khoan|san giao dich|hoa hong|lai \\d+',
  ],
  [
    2.5,
    'nap (?:dau|lan dau)|hoan (?:cuoc|tra)|dang ky (?:nhan|ngay)|nhan (?:ngay )?\\d+ ?k|nha cai|ca cuoc|cuoc|casino|tai xiu|no hu|danh bai|lo de|xo so online|bong da truc tuyen|nap (?:tien|the)|game bai|kubet|soi cau|ban ca',
  ],
  [
    2.5,
    'top (?:1|google)|seo|thiet ke web|website|quang cao facebook|tang (?:like|follow|tuong tac)|backlink|marketing|email marketing|tick xanh',
  ],
  [
    2,
    'inbox|ib|check ib|nhan tin ngay|dat hang|chot ngay|lien he (?:zalo|ngay|mua)|xem them tai|bam (?:vao|link|nut)|click|truy cap|link (?:nhom|ben duoi|bio)|huy dang ky|unsubscribe|bao gia|nhan bao gia|dang ky ngay|comment|telegram|suat cuoi|so luong co han',
  ],
  [2.5, 'trung thuong|qua tang|tri an|nhan qua|boc tham|iphone mien phi|mien phi 100|tang ngay|may man'],
  [
    2.5,
    'ban (?:dat|nha|can ho|lo dat) (?:nen|gap|gia|chinh chu|re|mat tien)|dat nen|chinh chu|sang nhuong|bat dong san|can ho cao cap|mo ban|dau tu ngay|so hong rieng|cho thue (?:nha|can ho|mat bang|xe)',
  ],
  [
    2.5,
    'thuoc (?:giam can|tri|xuong khop|nam|gia truyen|sinh ly)|giam can|tang chieu cao|tri dut diem|bac si online|thuc pham chuc nang|my pham|kem tri|tam trang|chua khoi|cai thien sinh ly',
  ],
  [
    2.5,
    'hut ham cau|thong cong|diet moi|khoan gieng|sua (?:dien nuoc|tivi|may giat|tu lanh)|thu mua phe lieu|chuyen nha tron goi|dich vu (?:ke toan|tham tu|doi no|thong)|lam bang|lam giay to',
  ],
  [
    3,
    'tai khoan (?:[^ |]+ ){0,4}?bi (?:khoa|tam khoa|han che)|xac (?:minh|thuc) (?:[^ |]+ ){0,3}?(?:tai khoan|thong tin)|giao dich bat thuong|ma otp|cap nhat thong tin tai khoan|quy khach (?:vui long )?(?:bam|truy cap|xac)',
  ],
  [
    3,
    '(?:so|tai khoan|the|thue bao|sim)(?: [^ |]+){0,3}? (?:sap )?bi (?:khoa|thu hoi|tam ngung|dinh chi)|(?:vui long|hay) (?:truy cap|bam|nhan vao|cap nhat)',
  ],
  [3.5, '(?:abc )?test(?: thu)?|gui thu(?: xem)?|thu xem (?:co )?gui|thu nghiem|asdf|alo 123 test'],
  [
    1.5,
    'sim (?:so dep|gia re)|so dep|gia si|si le|hang (?:nhap khau|chinh hang|xach tay|vnxk|order)|nhap khau|combo|mau moi',
  ],
])
/** What machines answer. */
const AUTOMATIC =
  / (?:thu tra loi tu dong|tra loi tu dong|tu dong tra loi|auto reply|automatic reply|out of office|delivery status notification|undeliverable|mail delivery|address not found|vang mat khoi van phong|returned mail)(?= )/g

/** An address of the web that is no authority's and no mailbox's. */
const LINK =
  /(?<![@\w.-])(?:https?:\/\/|www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|vn|info|xyz|top|club|vip|shop|online|site|cc|me|link|example)(?![\w@])(?!\.)/

/** A report can hold a price or a number; who asks for a check of something is no advertiser. */
const NO_SPAM = signs([
  [
    2.5,
    '(?:de nghi|nho|mong|xin|yeu cau|kinh de nghi|kien nghi) (?:[^ |]+ ){0,6}?(?:kiem tra|xu ly|xem xet|giai quyet|dieu tra|ngan chan|sua|dep|xu phat|vao cuoc|xuong)',
  ],
  [
    1.5,
    'phan anh|bao cao|lua dao|bi lua|quay roi|khung bo|to giac|bat|gay on|mat ve sinh|o nhiem|tren dia ban|dan giay|to roi',
  ],
])

const PRAISE = signs([
  [
    2,
    '(?:cam on|cam kich|tri an|tan duong|khen|bieu duong|ghi nhan|biet on|hoan nghenh|tuyen duong|thuong may|chuc (?:cac|anh|chi|quy))',
  ],
  [
    1.5,
    '(?:da (?:duoc|co|sua|xu ly|lap|don|gan|khac phuc|thong)|rat (?:hai long|tot|nhanh|chu dao|tan tinh)|nhanh chong|sach bong|sang trung|tan tam|nhiet tinh|de thuong)',
  ],
])
const NO_PRAISE = signs([
  [
    2.5,
    'nhung|van (?:chua|con|bi)|de nghi|kien nghi|mong (?:duoc |som )?(?:xu ly|giai quyet|sua|kiem tra)|nho (?:[^ |]+ ){0,3}?(?:xu ly|sua|kiem tra|chuyen)|lai (?:bi|hong|hu|tai dien|cup|mat)|chua (?:thay|duoc|sua|xong)',
  ],
])

const QUESTION = signs([
  [
    2,
    '(?:cho|xin|xin cho|cho phep|xin duoc) (?:[^ |]+ )?hoi|hoi (?:ve|thu tuc|chut|xiu|tham|lich|gia ve)|muon hoi|can hoi|cho biet|xin hoi',
  ],
  [
    1,
    '(?:thu tuc|ho so (?:gom|can)|le phi|lich (?:tiem|cat dien|tiep|chay|hoc|phun|thu)|gia ve|may gio|o dau|nhu the nao|gom nhung gi|can giay to|dang ky (?:o|the nao|truoc)|bao nhieu tien|mat tien khong|bao lau)',
  ],
])
const NO_QUESTION = signs([
  [
    2,
    'hong|hu|be|ngap|o ga|rac|o nhiem|hoi thoi|nguy hiem|chay|tai nan|trom|lan chiem|bao gio (?:moi )?(?:sua|lam|xu ly|co)|khi nao (?:moi )?(?:sua|lam|xu ly)|de nghi|kien nghi|yeu cau|phan anh|cup|mat nuoc|mat dien|sua gium|lap gium|xu phat',
  ],
])

const FOLLOWUP = signs([
  [
    2.5,
    '(?:toi|em|tui|minh|anh|chi|chau|con|co|chu|bac|nha toi)? ?(?:da |co )?(?:phan anh|bao|gui|goi|goi bao|goi dien|viet|nhan)(?: [^ |]+){0,6}? (?:hom|bua|tuan|thang|lan) (?:[^ |]+ ){0,4}?(?:ma |nhung )?(?:van|chua|den nay|toi nay|sao)',
  ],
  [
    2,
    '(?:ket qua|tien do|sao roi|the nao roi|den dau roi|toi dau roi|xu ly chua|giai quyet chua|tra loi chua|khi nao co ket qua|hoi ket qua)',
  ],
  [
    2,
    '(?:bo sung|gui them|noi them|nhan hoi nay|bao them|them anh|them thong tin)(?: [^ |]+){0,3}? (?:phan anh|anh|hinh|clip|thong tin|vu|don|cho|la)',
  ],
  [1.5, '(?:gui lai|nhac lai|bao lai|phan anh lai|hoi lai)'],
  [
    2,
    '(?:vu|viec|chuyen|cai) (?:[^ |]+ ){0,6}?(?:em|toi|tui|anh|chi|minh|co|chu|chau|con) (?:da |co )?(?:bao|phan anh|gui|goi)',
  ],
  [1, 'van chua (?:thay|co|duoc) (?:ai|phan hoi|tra loi|xu ly|don vi|gi)'],
])
const NO_FOLLOWUP = signs([
  [
    2.5,
    '(?:viec|vu|chuyen) (?:khac|nua|moi)|1 viec khac|con 1 chuyen|them (?:1|mot) (?:viec|vu|chuyen)|lai (?:bi|hong|hu) nua roi',
  ],
])

/** What a message is, by signs that speak for and against each kind, and which of them did. `by`: what its sender goes by, which gives adverts away. */
export function readKind(
  said: Said,
  { replying = false, by }: { readonly replying?: boolean; readonly by?: Said | undefined } = {},
): KindRead {
  const automatic = findOne(said, AUTOMATIC)
  if (automatic !== undefined)
    return { value: 'spam', confidence: 0.9, start: automatic.start, end: automatic.end, why: [automatic.words] }
  const petition = weigh(said, PETITION, NO_PETITION)
  const weighed = weigh(said, SPAM, NO_SPAM)
  const link = weighed.why.length > 0 && LINK.test(said.source.bare) ? 1.5 : 0
  const spam = { ...weighed, sum: weighed.sum + link + (by === undefined ? 0 : Math.max(0, weigh(by, SPAM, []).sum)) }
  if (spam.sum >= 3 && spam.sum > petition.sum) return toRead('spam', spam)
  if (petition.sum >= 3) return toRead('petition', petition)
  const short = said.words.length < 90
  const question = weigh(said, QUESTION, NO_QUESTION)
  const followup = weigh(said, FOLLOWUP, NO_FOLLOWUP)
  if (replying || followup.sum >= 2) return toRead('followup', followup)
  const praise = weigh(said, PRAISE, NO_PRAISE)
  if (short && praise.sum >= 3) return toRead('praise', praise)
  if (short && question.sum >= 2) return toRead('question', question)
  return { value: 'report', confidence: 0.85, start: 0, end: 0, why: [] }
}

interface Weight {
  readonly sum: number
  readonly start: number
  readonly end: number
  readonly why: readonly string[]
}

function weigh(said: Said, for_: readonly Sign[], against: readonly Sign[]): Weight {
  let sum = 0
  const why: string[] = []
  let span = { start: 0, end: 0 }
  for (const { pattern, weight } of for_) {
    const found = findOne(said, pattern)
    if (found === undefined) continue
    if (why.length === 0) span = { start: found.start, end: found.end }
    // A sign that stands twice is a little surer.
    const again = [...findAll(said, pattern)].length > 1 ? weight / 2 : 0
    sum += weight + again
    why.push(found.words)
  }
  for (const { pattern, weight } of against) if (findOne(said, pattern) !== undefined) sum -= weight
  return { sum, ...span, why }
}

function toRead(value: Kind, { sum, start, end, why }: Weight): KindRead {
  return { value, confidence: Math.min(0.95, 0.6 + sum / 20), start, end, why }
}
