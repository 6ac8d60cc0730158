/** Syllables of Vietnamese names as people bear them, without accents, with those of the peoples of the highlands and the northwest. Not surnames. */
export const GIVEN: ReadonlySet<string> = new Set(
  (
    'thi an anh ai am an bach ban bang bao bac bi bich binh bien be bon buu ca cam can canh cat chau chanh chi chien chieu chinh chung chuong chuc con cong cu cuc cuong ' +
    'da dai dam dan dang danh dao dat dau de diem dien diep dieu dinh do doan doanh don dong du dua dung duong duy duyen duyet duc gam gam gia giang giap giao giau ' +
    'ha hai ham han hang hanh hao hau hanh hien hiep hieu hinh ho hoa hoai hoan hoang hoanh hoi hong hop huan hue hung huong huu huy huyen huynh ich ' +
    'khai khang khanh khiem khien khiet khoa khoi khoan khue khuong khuyen kiem kien kieu kim ky lac lai lam lan lanh lap le lem len lien liem lieu linh loan loc loi long lot luan luat luc luong luu luyen ly ' +
    'mai man manh mau men mi mien minh mo mong muoi muon my na nam nga ngan nghi nghia nghiem ngoan ngoc ngon nguyen nguyet nha nham nhan nhat nhi nhien nhiep nho nhon nhu nhung nhut nguu niem nin ninh nu nuong ' +
    'oanh pha phan phat phi phong phu phuc phung phuoc phuong phuot quan quang que quoc quoi quy quyen quyet quynh ren ri sa sam san sang sao sau sen sinh son su suong suu suong ' +
    'ta tai tam tan tan tang tao tap thai tham than thang thanh thao the theu thi thich thien thiet thieu thin thinh tho thoa thoai thom thong thoi thu thua thuan thuc thue thuong thuy thuyen thuyet thuy ti tien tin tinh to toai toan toi ton trac trai tram tran trang tri trieu trinh trong tru truc trung truoc truong truyen tu tuan tue tung tuong tuoi tuyen tuyet ty ' +
    'uc uoc uy uyen van vang vi vien viet vinh vu vui vuong vy xa xuan xuyen y yen ' +
    'a ma bler blo djuang djo dlong drong eban ayun byă adrong mlo nie kbuor ktul kpa krong ksor hwing hdok hmok knul kdoh jun suri ta tho pom po say seng sung chu dua pang lau mua vang ly phua cha thao ho lenh phinh sinh su tong ' +
    'nhia pao lo tong bun bua quang luong leo ca deo khoang sang hai cha co tuoi lit it tu bay chin muoi ut map den lun gay teo tho'
  ).split(' '),
)

/** What people are called in families of the south by their order of birth, before the name or in its place. */
export const BIRTH_ORDER: ReadonlySet<string> = new Set('hai ba tu nam sau bay tam chin muoi ut be'.split(' '))
