import type { Submitted } from '../../channels/channel.ts'
import { type LaterWord, laterWord } from '../../normalize/later-word.ts'
import { endsMidSentence } from '../../normalize/mid-sentence.ts'
import { similarity } from '../../normalize/similar.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../day.ts'
import type { ProfileVersion } from '../profile/profile.ts'
import { silenceOf } from '../profile/silence.ts'
import type { submissions } from '../tables/index.ts'
import { type Earlier, earlierBy, earlierOf } from './earlier.ts'
import { type ContactHashes, followsOf } from './follows.ts'
import type { ReadReport } from './read-item.ts'
import { wholeOf } from './whole.ts'

/** What a message is to what its sender, or anybody, said before. */
export type Standing =
  /** A matter of its own. */
  | { readonly is: 'first' }
  /** More of that one: in the same breath, or what its sender was asked for. It has no report of its own. */
  | { readonly is: 'part'; readonly of: Earlier['submission'] }
  /** Said later by somebody who has reported it. */
  | { readonly is: 'later'; readonly says: 'addition' | 'question' | 'thanks'; readonly follows: string }
  /** For an officer to look at: it only names that case, or may go on from it (`unsure`). */
  | { readonly is: 'beside'; readonly caseId: string; readonly says: 'unsure' | null }

const FIRST: Standing = { is: 'first' }

/** Somebody who was cut short goes on within this time. */
const CUT_MS = 5 * MINUTE_MS
/** An answer to a question of ours may take so long, and so long people go on talking of a matter. */
const TALK_MS = 3 * DAY_MS
/** A few words that name no place are about what was said just before. */
const JUST_BEFORE_MS = HOUR_MS
const FEW_WORDS = 8
/** Who is asked for something may file it anew, in their own words; words as much alike as this are that. */
const ALIKE = 0.4

interface Came {
  readonly submission: typeof submissions.$inferSelect
  readonly item: Submitted
  readonly read: ReadReport
  readonly sender: ContactHashes
  readonly channel: string
  readonly profileId: string
  readonly version: ProfileVersion
}

/**
 * Tells what a message is. A mark of ours, or a code of their own report, proves what it goes on from. In a talk it goes on in the same breath,
 * answers what we asked, or is told apart by its words, its place and its time; what these do not tell, an officer does.
 */
export async function standingOf(tx: Tx, secrets: Secrets, came: Came): Promise<Standing> {
  const { follows, beside } = await followsOf(tx, { secrets }, came.item, came.sender)
  if (beside !== undefined) return { is: 'beside', caseId: beside, says: null }
  const word = laterWord(came.item.content)
  if (follows !== undefined) return proved(await earlierOf(tx, follows), word, came)
  const last = await earlierBy(tx, came)
  if (last === undefined) return FIRST
  if (came.item.talk !== undefined && last.sourceId === came.submission.sourceId)
    return (await inOneBreath(tx, secrets, last, came)) ?? inTalk(last, word, came)
  return last.asked && isRecent(last, came) ? answered(last, word, came) : FIRST
}

function proved(last: Earlier, word: LaterWord | undefined, { item }: Came): Standing {
  const follows = last.reportId
  if (word === 'new') return { is: 'beside', caseId: last.caseId, says: 'unsure' }
  if ((word === 'thanks' || word === 'question') && hasNoFiles(item)) return { is: 'later', says: word, follows }
  return last.asked ? { is: 'part', of: last.submission } : { is: 'later', says: 'addition', follows }
}

/** They have not fallen silent, or were cut in the middle of a sentence. */
async function inOneBreath(tx: Tx, secrets: Secrets, last: Earlier, came: Came): Promise<Standing | undefined> {
  if (!last.open) return undefined
  const part: Standing = { is: 'part', of: last.submission }
  const gap = gapSince(last, came)
  if (gap <= silenceOf(came.version, came.channel)) return part
  if (gap > CUT_MS) return undefined
  const said = await wholeOf(tx, secrets, last.submission.id)
  return said !== undefined && endsMidSentence(said.content) ? part : undefined
}

function inTalk(last: Earlier, word: LaterWord | undefined, came: Came): Standing {
  if (!isRecent(last, came)) return FIRST
  const follows = last.reportId
  if (word === 'thanks' || word === 'question') {
    if (hasNoFiles(came.item)) return { is: 'later', says: word, follows }
  } else if (word === 'new') return FIRST
  const more: Standing = last.asked ? { is: 'part', of: last.submission } : { is: 'later', says: 'addition', follows }
  if (word === 'more') return more
  if (isElsewhere(last, came.read)) return FIRST
  if (last.asked || came.read.folded === '') return more
  // Sent once more: the match step sees that.
  if (similarity(came.read.folded, last.folded) >= ALIKE) return FIRST
  const few = came.read.folded.split(' ').length <= FEW_WORDS && came.read.readings['unit'] === undefined
  if (last.open && few && gapSince(last, came) <= JUST_BEFORE_MS) return more
  return { is: 'beside', caseId: last.caseId, says: 'unsure' }
}

/** By another way than the one they wrote by: the next message of whoever was asked. */
function answered(last: Earlier, word: LaterWord | undefined, came: Came): Standing {
  if (word === 'new') return FIRST
  const alike = similarity(came.read.folded, last.folded) >= ALIKE
  const few = came.read.folded.split(' ').length <= 3 * FEW_WORDS
  if (came.item.talk !== undefined || few || alike) return proved(last, word, came)
  return { is: 'beside', caseId: last.caseId, says: 'unsure' }
}

const hasNoFiles = ({ files, remote = [] }: Submitted): boolean => files.length + remote.length === 0

const gapSince = ({ heardAt }: Earlier, { submission }: Came): number =>
  submission.receivedAt.getTime() - heardAt.getTime()

/** Since they last spoke, or we did. */
function isRecent({ heardAt, toldAt }: Earlier, { submission }: Came): boolean {
  return submission.receivedAt.getTime() - Math.max(heardAt.getTime(), toldAt?.getTime() ?? 0) <= TALK_MS
}

/** Both name a unit, and not the same. */
function isElsewhere({ units }: Earlier, { readings }: ReadReport): boolean {
  const named = readings['unit']?.candidates ?? []
  return units.length > 0 && named.length > 0 && named.every((unit) => !units.includes(unit))
}
