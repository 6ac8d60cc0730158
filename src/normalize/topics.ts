import { findAll, type Said } from './said.ts'

/**
 * What people speak of, by the words that they use for it, without accents. A topic is no field: to which one it leads is learned. With accents given,
 * one of them must stand there where the writer uses any ("cháy" burns, "chạy" runs).
 */
const TOPICS: readonly (readonly [topic: string, words: string, accents?: RegExp])[] = [
  [
    'street-light',
    '(?:den|bong den|day den|tru den|cot den|he thong den) (?:duong|chieu sang|led|cao ap|hem|cong cong|cau)|chieu sang|toi (?:om|thui|mo|hu)|khong (?:co )?den|gan den|lap den',
  ],
  [
    'signal',
    '(?:den|cot den|tru den) (?:tin hieu|giao thong|xanh|do|vang)|xanh den do|tin hieu giao thong|pha (?:xanh|do)',
  ],
  ['flood', 'ngap|trieu cuong|con nuoc|nuoc (?:dang|len|tran)|tran vao nha|loi nuoc|tat nuoc|ngap lut'],
  ['drain', 'cong (?:thoat|nghet|tac|be|bi|tran|ranh)|thoat nuoc|nghet cong|muong|tam dan|ranh thoat'],
  ['manhole', 'ho ga|nap (?:cong|ho|cam)|mieng (?:cong|ho)'],
  [
    'pothole',
    'o (?:ga|voi|trau)|ho (?:tu than|sau|sut)|sut (?:lun|ho)|lun|sup|bong troc|lay loi|duong (?:hu|hong|xau|nat|xuong cap|be|lo|dat|lam)|hu (?:hong|het|nat)|xuong cap|cay (?:nat|xoi|pha)|long duong',
  ],
  [
    'water-supply',
    '(?:mat|cup|cat|thieu) nuoc|nuoc (?:may|sinh hoat|sach|yeu|duc|phen|ban)|ong (?:nuoc|cap nuoc)|(?:be|vo|xi|ro ri) (?:duong )?ong|cap nuoc|dong ho nuoc|nha may nuoc|khong co (?:giot )?nuoc|be nuoc',
  ],
  [
    'power',
    '(?:mat|cup|cat) dien|dien (?:yeu|chap chon|luc)|tru dien|cot dien|day (?:dien|dut)|tram bien ap|bien ap|ro dien|dien ap',
  ],
  ['cable', 'day cap|cap (?:quang|vien thong)|bo (?:day|cap)|nha mang|song dien thoai|mang internet|wifi|tram bts'],
  [
    'tree',
    'cay (?:xanh|nga|do|nghieng|bat goc|gay|co thu|dau|phuong|xa cu|bang|to|chet|kho)|bat goc|nhanh cay|canh cay|cat tia|moc re|goc (?:cay|nut)|re (?:cay|no|troi)|tan cay',
  ],
  ['sidewalk-broken', 'gach (?:via he|lat)|via he (?:hu|bong|be|nut|lun|vo)'],
  ['bridge', 'cau (?:treo|go|yeu|hu|gay|sap|be tong|dan sinh|tam|khi)|van cau|mo cau|thanh cau|lan can'],
  ['works', 'thi cong|dao duong|dao (?:len|xoi)|rao chan|tai lap|do dang|va lai|trang nhua|nha thau|lo cot'],
  ['park', 'cong vien|ghe da|do choi|nha ve sinh cong cong|tram xe buyt|nha cho|san choi'],
  ['bank-erosion', 'ke (?:song|bien|chan)|bo ke|sat lo bo|lo bo|bo bao|de bao|van (?:ngan trieu|cong)'],
  ['garbage', 'rac|bai rac|thu gom|thung rac|do rac|xa rac|hot rac|tap ket|ve sinh moi truong|tui nilon'],
  ['dumping', 'xa ban|do (?:trom|bay|len)|phe thai|chat thai|bao hoa chat|ham cau|hut ham cau'],
  [
    'sewage',
    'nuoc thai|xa (?:thai|ra|trom|nuoc|tham)|cua xa|cong xa|nuoc (?:den|hoi|ban)|o nhiem|den ngom|ca chet|nuoc ri',
  ],
  ['smell', 'mui|hoi (?:thoi|tanh|qua|lam|ham)?|thui|thoi|tanh|boc mui|khet|nong nac|buon non|oi'],
  [
    'smoke',
    'khoi|dot (?:rac|nhua|day|vo|rom|rung|ray|than|phe)|mu mit|ngop|lo (?:dot|gach|than|voi)|bui (?:min|than|go)',
  ],
  ['dust', 'bui|xi mang|tram (?:tron|be tong)|be tong (?:thuong pham|tuoi)|mo da|nghien da|no min|khai thac da'],
  ['factory-noise', 'tieng on|on ao tu|may (?:cua|xay|no)|xuong (?:go|cua|co khi|san xuat)'],
  ['livestock', 'trai (?:heo|ga|bo|vit|lon)|chuan? nuoi|chan nuoi|phan (?:heo|ga|bo)|lo mo|giet mo'],
  [
    'fire',
    'chay (?:nha|rung|xuong|lon|kho|cho|roi|to|xe|lan|quan|nui|bung|phong)|dam chay|bao chay|hoa hoan|chua chay|pccc|lua (?:lan|do|chay|cao|boc)|boc chay|la cuu',
    /cháy|lửa|hỏa|hoả|pccc/iu,
  ],
  ['burning', 'chay', /cháy/iu],
  ['theft', 'trom|cuop|giat (?:tui|do|day|dien thoai)|ke gian|be khoa|dot nhap|cay (?:cua|khoa)|lay cap|moc tui|cuom'],
  [
    'fight',
    'danh nhau|dam chem|hon chien|ruot (?:duoi|chem)|dao|ma tau|hung khi|gay roi|quay pha|say xin|con do|nhau (?:say|xin)|dap pha|hanh hung|dau gau',
  ],
  [
    'drugs',
    'ma tuy|hut chich|chich|xi lanh|kim tiem|con nghien|nghien ngap|ngao da|hut can|bong cuoi|thuoc lac|heroin',
  ],
  ['gambling', 'danh bac|da ga|ca do|so de|ghi de|co bac|song bac|xoc dia|tai xiu|loc|danh bai'],
  ['loan-shark', 'vay nang lai|tin dung den|doi no|cho vay|tat son|siet no|giang ho'],
  [
    'karaoke',
    'karaoke|loa (?:keo|thung|lon|cong suat)|hat ho|nhac (?:lon|to|am i|xap xinh)|mo nhac|am thanh|inh oi|dap dinh|on ao|vu truong|bar|hat karaoke',
  ],
  ['scam', 'lua dao|gia danh|mao danh|chuyen tien|bi lua|chiem doat|lua (?:tien|nguoi)'],
  [
    'forest',
    'pha rung|chat (?:cay|ha)|lam tac|go lau|khai thac go|rung (?:phong ho|dac dung|dau nguon|tram|duoc)|kiem lam|dot ray',
  ],
  ['electric-fishing', 'xiec dien|kich dien|chich dien|cao dien|danh ca bang|cao bay|te dien'],
  [
    'illegal-building',
    'xay (?:dung )?(?:trai phep|khong phep|sai phep|nha|chui|cat|lan|tron)|khong (?:co )?(?:giay )?phep(?: xay)?|cap phep xay|do mong|dung nha|coi noi|xay tro|nha tro tren|dat nong nghiep|cong trinh (?:trai phep|khong phep|sai)',
  ],
  [
    'soil',
    'dao (?:dat|cat|da|trom|ban|nui|ao)|muc dat|mo dat|khai thac (?:dat|cat|khoang san|vang|da trai)|hut cat|san lap|do dat|bom cat|cat tac|dat lau|xe (?:muc|cuoc|xuc)|may (?:muc|xuc|ui)|sa lan|ban dat|cho dat (?:nui )?(?:di )?ban|dat tac',
  ],
  [
    'land',
    'lan (?:chiem dat|song|kenh|rach|bien|ra mat song|dat|ranh|ra song)|phan lo|ban nen|so do|giay chung nhan|tranh chap|ranh dat|quy hoach|chuyen muc dich|dong cu|dat (?:cong|rung|ruong|o|lua)|hanh lang|tach thua|bit (?:loi|duong)|rao (?:duong|loi)',
  ],
  [
    'sidewalk-taken',
    'lan chiem|lan (?:het )?(?:via he|long|le|ra duong)|chiem (?:het |tron )?(?:via he|long|le|loi di|duong)|ban (?:hang )?(?:tran|via he|long le)|tran (?:ra|xuong) (?:duong|long|ql|le)|bay (?:ban|hang|ra|ghe|do|chau)|buon ban|hang rong|ganh hang|cho (?:tu phat|coc|tam|chieu|tran)|hang quan|via he|mai che|dung (?:leu|rap|bat)|sap (?:hang|xep)|tieu thuong|ban ghe',
  ],
  [
    'ads',
    'quang cao|to roi|dan (?:giay|kin|day|bay)|rao vat|bien (?:hieu|quang cao)|bang (?:hieu|ron)|ve bay|xit son|treo bang',
  ],
  ['begging', 'an xin|cheo keo|deo bam|ban (?:keo|ve so)|xin tien|vang lai|lang thang|vo gia cu'],
  ['parking', 'dau xe|do xe|dau (?:tran|o to|oto)|bai (?:giu|do|dau) xe|giu xe|do (?:o to|oto|tran lan)'],
  [
    'official',
    'can bo|cong chuc|vien chuc|nhan vien|chu tich (?:xa|phuong)|truong thon|to truong|mot cua|thai do|hach dich|cua quyen|hanh dan|vo cam|vo trach nhiem|nhung nhieu|voi vinh|hen (?:di|len|lui)|tra lai ho so|bat (?:di|dan) ve|quat|trich luc|khai (?:sinh|tu)|cong chung|chung thuc|can cuoc|ho khau|tiep dan|dun day',
  ],
  ['hotline', 'tong dai|hotline|duong day nong|khong (?:ai )?(?:nghe|bat) may|goi (?:hoai|ca buoi|mai|khong)'],
  ['welfare', 'tro cap|ho ngheo|tien ho tro|chinh sach|thuong binh|bao tro|cuu tro|gia canh'],
  [
    'rule',
    'quy dinh (?:moi|nay|ve|bat|cua|tren)|bat hop ly|quy che|thu tuc (?:hanh chinh|ruom ra|phuc tap)|sua (?:doi )?quy dinh|xem lai quy dinh|cho phep|bai bo|nghi dinh|thong tu|nghi quyet|khong hop ly',
  ],
  [
    'company',
    'doanh nghiep|cong ty (?:chung toi|tnhh|toi|co phan)|htx|hop tac xa|ho kinh doanh|vuong mac|thao go|nghiem thu|giay phep (?:kinh doanh|moi truong|xay)|ho so|qua han|ma so vung trong|hoan thue|doi tac|nha xuong|dau tu',
  ],
  [
    'food',
    'thuc pham|an (?:uong|xong|vao|phai)|quan (?:an|com|pho|bun|nhau|hu tieu)|thit|ca (?:uon|oi)|rau (?:cau|muong|ban)|do an|tra sua|banh (?:mi|keo|bao)|xuc xich|nem chua|bep an|suat an|com (?:ga|hop|tam)|hai san|oi thiu|thiu|kiem dich|heo (?:gao|benh|chet)|tap chat|bom (?:tap chat|rau)|atvstp|attp|an toan thuc pham|dau (?:an|den)|ban (?:thit|do an)|chan gio|han su dung|nhan mac|nguon goc|gioi|nuoc da',
  ],
  ['poisoning', 'ngo doc|dau bung|tieu chay|oi mua|non|nhap vien|tao thao'],
  [
    'price',
    'gia (?:cao|cat co|tren troi|ca|ve|qua|gap|niem yet)|chat chem|tinh (?:gap|tien|gia)|thu (?:phi|tien|gia)|tang gia|nang gia|het gia|khong niem yet|bang gia|hoa don|tien (?:dien|nuoc|phong|xe)|phi (?:quan ly|gui|dich vu)|phu thu|ep gia',
  ],
  [
    'fake',
    'hang (?:gia|nhai|kem|dom)|gia mao|(?:thuoc|phan bon|my pham|sua|xang|vang|giong) gia|kem chat luong|can (?:dieu|thieu|gian|non)|dong thieu|gian lan|het han|bao hanh',
  ],
  ['apartment', 'chung cu|thang may|ban quan (?:ly|tri)|bql|cu dan|toa nha|block|can ho|chu dau tu'],
  [
    'transport-service',
    'taxi|xe khach|nha xe|ve xe|be[nm] (?:do|pha)|xe om|grab|xe buyt|tour|khach san|nha nghi|homestay',
  ],
  [
    'press',
    'bai bao|bao (?:dang|dien tu|chi|neu|viet|tuoi tre|thanh nien)|dang bai|dua tin|phong su|dai truyen hinh|nha bao|phong vien|phan hoi thong tin|dinh chinh|truyen thong',
  ],
  [
    'idea',
    'hien ke|sang kien|y tuong|de xuat|gop y|kien nghi (?:lam|mo|xay)|nen (?:lam|co|lap|mo|trien khai|nghien cuu)|thong minh|ung dung|app|qr|camera (?:ai|thong minh)|cam bien|so hoa|chuyen doi so|du lieu|nghien cuu',
  ],
  [
    'child',
    'tre (?:em|nho|con|vi thanh nien)|em be|dua (?:nho|tre|be|chau)|chau (?:be|nho|gai)|be (?:gai|trai)|hoc sinh|con nit|thang be|cac em|may dua|tui nho|mam non|bao mau|hoc tro|thieu nhi',
  ],
  [
    'child-hurt',
    '(?:danh|dap|bao hanh|hanh ha|quat|trói|nhot|bo doi|bam|veo|tat) (?:[^ |]+ ){0,2}?(?:con|chau|be|tre|em|dua|hoc sinh)|bao hanh|cha duong|me ke|duong|bam tim|vet bam|la that thanh|khoc thet|xam hai|dam o|that lung|day nit|don roi|bat nat|hoc duong|nheo tai',
  ],
  [
    'child-labour',
    'lot ghe|bo hoc|nghi hoc|ban (?:keo|ve so|bong)|lao dong (?:tre|nang)|lam thue|ep (?:di|lam|lay)|chan dat|boc lot',
  ],
  ['child-marriage', 'tao hon|lay (?:chong|vo)|cuoi (?:chong|vo|som)|don dau|keo vo|bat vo'],
  [
    'dogs',
    'cho (?:tha|dai|can|hoang|du|ro)|bay cho|ro mom|can (?:nguoi|rach|tre)|meo hoang|khi (?:hoang|pha)|ran|ong (?:vo ve|dot)|to ong',
    /chó|mèo|khỉ|rắn|ong|rọ|cắn/iu,
  ],
  [
    'health',
    'sot xuat huyet|dich (?:benh|sot|ta|tay)|phun thuoc|muoi|lang quang|y te|tram xa|tiem (?:chung|vac xin|phong)|benh (?:dai|tay chan|soi|vien)|ca benh|lay lan|f0|thu y',
  ],
  [
    'accident',
    'tai nan|tong|dam (?:nhau|vao|xe|chet)|va cham|lat (?:xe|nua)|xe (?:lat|dam|dau keo mat)|chet (?:nguoi|do)|te (?:xe|nga|hoai|gay)|nga (?:xe|lien tuc|roi)|cuu thuong|bi thuong|quet xe|hoi te|ui xe|csgt|phan luong',
  ],
  [
    'trucks',
    'xe (?:tai|ben|container|cong|cong ten no|dau keo|qua tai|bon|hang|cho (?:dat|da|cat|san|mia|go|hang))|qua tai|qua kho|chay (?:am am|ram ram|au|nhanh)|can xe|che bat|ham ho',
  ],
  [
    'spill',
    'roi vai|rai (?:trang|day|ra)|vuong vai|roi (?:day|xuong duong|ra duong)|da (?:dam|roi|1x2)|do (?:dau|nhot)|vet dau|dau loang|tron truot|truot|dinh|ho xi mang|lam roi',
  ],
  ['animals-on-road', '(?:trau|bo|de|cho) (?:tha rong|nam|chay ra)|tha rong|chan tha', /trâu|bò|dê|thả/iu],
  [
    'landslide',
    'sat (?:lo|cu|ta luy|xuong)|ta luy|dat sat|da lan|lo (?:dat|nui)|bun dat|hot (?:dat|di)|chia cat|co lap|lu quet',
  ],
  [
    'speed',
    'phong nhanh|chay au|lang lach|danh vong|dua xe|bai xe|net po|boc dau|vuot (?:den|do|au)|nguoc chieu|lan lan|khong (?:doi )?mu|vuot do|vuot luon',
  ],
  [
    'road-signs',
    'bien bao|vach (?:ke|son|sang|qua|giam|duong|mo)|go giam toc|giam toc|guong cau|dai phan cach|coc tieu|ho lan|canh bao|cam bien|son lai|khuc cua|diem den|nga (?:ba|tu) nguy hiem|duong cuu nan',
  ],
  [
    'jam',
    'ket (?:xe|cung|duong)|ket 20|un tac|tac duong|can tro giao thong|gio (?:cao diem|tan tam)|dieu tiet|ach tac|xep hang dai',
  ],
  ['ferry', 'do (?:ngang|doc|khong)|phao|bat?o do|tau (?:cao toc|cho|thuyen)|ghe'],
  ['school', 'truong (?:hoc|tieu|mam|mau|cap|thcs|thpt)|phu huynh|giao vien|hoc phi|lam thu|day them|hieu truong'],
]

const PATTERNS = TOPICS.map(([topic, words, accents]) => ({
  topic,
  pattern: new RegExp(` (?:${words})(?= )`, 'g'),
  accents,
}))

/** Asked for by several readers of one text. */
const known = new WeakMap<Said, readonly string[]>()

/** The topics of a text, each once. */
export function topicsOf(said: Said): readonly string[] {
  const found = known.get(said) ?? topicsIn(said)
  known.set(said, found)
  return found
}

function topicsIn(said: Said): readonly string[] {
  const found: string[] = []
  for (const { topic, pattern, accents } of PATTERNS) {
    for (const { start, end } of findAll(said, pattern)) {
      if (accents !== undefined && said.accented && !accents.test(said.text.slice(start, end).normalize('NFC')))
        continue
      found.push(topic)
      break
    }
  }
  return found
}
