import type { NumberedDocument, OutgoingDelivery, OutgoingFile } from '../../src/connectors/connector.ts'

export const AT = new Date('2026-11-20T01:00:05Z')
export const SECRET_KEY = 'not-a-real-key'
export const ORGAN = 'H18.99.01'

/** What a province fills in; the rest has defaults. */
export const LINK = {
  transport: 'lgsp-rest',
  baseUrl: 'https://exchange.example/',
  systemId: ORGAN,
  secretKey: SECRET_KEY,
  organ: {
    organId: ORGAN,
    organizationInCharge: 'UBND tỉnh Điện Biên',
    organName: 'Trung tâm Điều hành thông minh tỉnh Điện Biên',
    organAdd: 'Phường Mường Thanh, tỉnh Điện Biên',
    email: 'ioc@example.gov.vn',
    telephone: '02153000000',
    website: 'https://phananh.example',
    place: 'Điện Biên',
    notation: 'PC-IOC',
    signer: { competence: 'TL. CHỦ TỊCH', position: 'Giám đốc', fullName: 'Nguyễn Văn A' },
  },
}

export const DOCUMENT: NumberedDocument = { number: 123, day: '2026-11-20', id: `${ORGAN},2026/11/20,123/PC-IOC` }

/** Not a picture, but bytes that must arrive as they are. */
export const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x0d, 0x0a, 0x3c, 0x26])

export function file(name: string, size: number, read = async () => PHOTO): OutgoingFile {
  return { name, type: 'image/jpeg', size, url: `https://hub.example/files/${name}?expires=1&signature=s`, read }
}

export const DELIVERY: OutgoingDelivery = {
  key: '0198c5b2-7a10-7c3e-9d41-5f2e8a6b1c07',
  kind: 'case',
  caseId: '0198c5b2-7a0e-7b11-8a52-3d1c9e7f4b26',
  assignmentId: '0198c5b2-7a0f-7d90-b1f3-6e4a2c8d5f19',
  code: 'DB-26-0004-K7',
  agency: { code: 'H18.98.03', name: 'UBND xã Mường Nhé' },
  title: 'Sụt ta luy dương QL4H, Km 84+300',
  text: 'Sụt ta luy, đất đá tràn nửa mặt đường, xe máy khó đi.',
  address: 'Km 84+300 QL4H',
  point: { lat: 22.1881, lng: 102.4467 },
  unit: { code: '03160', name: 'Xã Mường Nhé' },
  urgent: false,
  receivedAt: new Date('2026-11-20T00:58:11Z'),
  // Half past midnight in Vietnam: another day than in Greenwich and in Los Angeles.
  dueAt: new Date('2026-11-30T17:30:00Z'),
  reportCount: 2,
  reporter: { name: 'Lò Văn Mẫu', phone: '+84900000001', email: 'mau@example.vn' },
  files: [file('DB-26-0004-K7-1.jpg', PHOTO.length)],
  document: DOCUMENT,
}

/** As the core writes it where the reporter is to stay secret. */
export function secret({ reporter: _, ...delivery }: OutgoingDelivery): OutgoingDelivery {
  return delivery
}
