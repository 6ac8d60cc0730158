import type { MailWorld } from '../support/mail/world.ts'

/** What the exchange knows the province's centre by. */
export const ORGAN = 'H18.99.01'

export function mailbox({ address, imap, smtp }: MailWorld): object {
  return {
    id: 'mail',
    kind: 'email',
    profile: 'dien-bien',
    name: 'Hộp thư phản ánh',
    settings: {
      address,
      fromName: 'Phản ánh hiện trường Điện Biên',
      imap: { host: imap.host, port: imap.port, security: 'none', user: imap.user },
      imapPassword: imap.password,
      smtp: { host: smtp.host, port: smtp.port, security: 'none' },
      // A mailbox dates in whole seconds: what came in this very one would be from before.
      since: new Date(Date.now() - 60_000).toISOString(),
    },
  }
}

interface Linking {
  readonly exchange: { readonly url: string }
  readonly secret: string
  /** Ids of agencies, or `*` for all. */
  readonly serves: readonly string[]
}

export function link({ exchange, secret, serves }: Linking): object {
  return {
    id: 'truc',
    kind: 'tdoffice',
    name: 'Trục liên thông văn bản của tỉnh',
    serves,
    limits: { perSecond: 100, concurrency: 4 },
    settings: {
      transport: 'lgsp-rest',
      baseUrl: exchange.url,
      systemId: ORGAN,
      secretKey: secret,
      pollSeconds: 1,
      allow: ['127.0.0.0/8'],
      organ: {
        organId: ORGAN,
        organizationInCharge: 'UBND tỉnh Điện Biên',
        organName: 'Trung tâm Điều hành thông minh tỉnh Điện Biên',
        organAdd: 'Phường Mường Thanh, tỉnh Điện Biên',
        email: 'ioc@dienbien.example',
        telephone: '02153000000',
        website: 'https://phananh.dienbien.example',
        place: 'Điện Biên',
        notation: 'PC-IOC',
        signer: { competence: 'TL. CHỦ TỊCH', position: 'Giám đốc', fullName: 'Nguyễn Văn Mẫu' },
      },
    },
  }
}
