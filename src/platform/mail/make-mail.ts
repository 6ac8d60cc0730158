import type { Mail } from './mail.ts'
import { SHORT } from './patience.ts'

/**
 * Mail over IMAP (imapflow) and SMTP (nodemailer), each loaded when it is first needed: most processes never are. Neither library logs: their
 * lines name users and recipients.
 */
export function makeMail({ patience = SHORT } = {}): Mail {
  return {
    watch: async (watch) => (await import('./watch.ts')).watchMail(watch),
    survey: async (survey) => (await import('./survey.ts')).surveyMail(survey, patience),
    send: async (message, server) => (await import('./smtp.ts')).sendMail(message, server, patience),
    verify: async (server, protocol) =>
      protocol === 'imap'
        ? (await import('./connect.ts')).verifyImap(server, patience)
        : (await import('./smtp.ts')).verifySmtp(server, patience),
  }
}
