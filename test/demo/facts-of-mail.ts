import type { Fact, Seen } from './fact.ts'

/** Two programs that answer each other never end: what is no person's word gets no letter, but a line that an officer can read. */
export async function notAnswered({ stage, sent, rows }: Seen): Promise<Fact[]> {
  const facts: Fact[] = []
  for (const { report } of sent) {
    const { aside } = rows.find(({ name }) => name === report.name)!
    if (report.channel !== 'mail' || report.expected.aside === undefined) continue
    const letters = (await stage.inboxes.of(report.from.address)).length
    facts.push({
      holds: aside !== null && aside.reason !== '' && letters === 0,
      text: `${report.name}: listed as ${aside?.state} (${aside?.reason}), ${letters} letters to its sender`,
    })
  }
  return facts
}

/** Each letter answers the citizen's mail and names the letters before it: a mail program shows one conversation. */
export async function inOneThread({ stage, sent }: Seen): Promise<Fact> {
  const counts: number[] = []
  let threads = 0
  for (const { report, messageId } of sent) {
    if (report.channel !== 'mail' || report.mail.kind !== 'letter') continue
    const letters = (await stage.inboxes.of(report.from.address)).filter(({ inReplyTo }) => inReplyTo === messageId)
    const whole = letters.every(({ references }, i) =>
      [messageId, ...letters.slice(0, i).map((letter) => letter.messageId)].every((id) => references.includes(id!)),
    )
    counts.push(letters.length)
    if (whole && letters.length === report.expected.notices.length) threads += 1
  }
  return {
    holds: threads === counts.length,
    text: `${counts.length} mails, ${counts.join(' + ')} letters in answer, ${threads} threads by In-Reply-To and References`,
  }
}

export async function noSecondCode({ stage, sent }: Seen): Promise<Fact> {
  const { report } = sent.find((one) => one.report.channel === 'mail' && one.report.mail.kind === 'reply')!
  const letters = report.channel === 'mail' ? await stage.inboxes.of(report.from.address) : []
  const codes = [...new Set(letters.map(({ code }) => code))]
  return { holds: codes.length === 1, text: `${report.name}: its sender's letters name ${codes.join(' and ')}` }
}
