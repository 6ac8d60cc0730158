import { accentedSpelling, spelling } from './place-words.ts'
import { type Said, spanOf } from './said.ts'
import { fold } from './text.ts'

/** A street, a bridge, a market … under one of its names, and the units of three tiers that it lies in. */
export interface Landmark {
  /** With its kind: "đường Lê Duẩn", "chợ Đầm". */
  readonly name: string
  readonly district: string
  /** Not given: in several wards of that district, or in one that is not sure. */
  readonly ward?: string
}

interface Node {
  readonly next: Map<string, Node>
  readonly landmarks: Landmark[]
}

export interface Landmarks {
  readonly root: Node
}

export interface FoundLandmark {
  /** Of one name, wherever it lies: a street of the same name is in many a district. */
  readonly landmarks: readonly Landmark[]
  readonly first: number
  readonly last: number
  readonly start: number
  readonly end: number
}

/** Words that say what kind of thing it is, and that people leave out. */
const STREET = new Set(['duong', 'pho'])
/** How kinds are written in short; each stands for the words behind it. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  bv: ['benh', 'vien'],
  dh: ['dai', 'hoc'],
  cd: ['cao', 'dang'],
  kcn: ['khu', 'cong', 'nghiep'],
  kcx: ['khu', 'che', 'xuat'],
  kdt: ['khu', 'do', 'thi'],
  kdc: ['khu', 'dan', 'cu'],
  cv: ['cong', 'vien'],
  ql: ['quoc', 'lo'],
  qt: ['quang', 'truong'],
  bx: ['ben', 'xe'],
  st: ['sieu', 'thi'],
  cc: ['chung', 'cu'],
  ktx: ['ky', 'tuc', 'xa'],
  tl: ['tinh', 'lo'],
}
/** "ngã 3" and "ngã ba". */
const FIGURES: Readonly<Record<string, string>> = { 3: 'ba', 4: 'tu', 5: 'nam', 6: 'sau', 7: 'bay' }
/** Names that are everyday words as well: they need their kind before them. */
const COMMON = new Set(
  (
    'hoa binh|thong nhat|doc lap|giai phong|cong hoa|cach mang|thong nhut|doi cung|phu dong|thanh nien|dong tay|hoa hung|thanh thai|' +
    'song hanh|xuan thuy|tay son|an phu|trung son|phu tai|ba hoa|cho lon|chu van an'
  ).split('|'),
)

export function makeLandmarks(all: readonly Landmark[]): Landmarks {
  const root: Node = { next: new Map(), landmarks: [] }
  for (const landmark of all) {
    const keys = keysOf(wordsOf(landmark.name))
    insert(root, keys, landmark)
    const bare = keys.slice(1)
    if (STREET.has(keys[0]!) && bare.length > 1 && !COMMON.has(bare.join(' '))) insert(root, bare, landmark)
  }
  return { root }
}

/** As the words of a text are cut: "A1" is two. */
function wordsOf(name: string): string[] {
  return fold(name).match(/\p{L}+|\p{N}+/gu) ?? []
}

function insert(root: Node, keys: readonly string[], landmark: Landmark): void {
  let node = root
  for (const key of keys) {
    const next: Node = node.next.get(key) ?? { next: new Map(), landmarks: [] }
    node.next.set(key, next)
    node = next
  }
  node.landmarks.push(landmark)
}

function keysOf(words: readonly string[]): string[] {
  return words.flatMap((word, i) =>
    i > 0 && words[i - 1] === 'nga' && FIGURES[word] !== undefined ? FIGURES[word] : (SHORT[word] ?? spelling(word)),
  )
}

/** The landmarks named in a text, the longest name at each place, without overlaps. Linear: a name is as long as it is. */
export function findLandmarks(said: Said, { root }: Landmarks): FoundLandmark[] {
  const found: FoundLandmark[] = []
  for (let i = 0; i < said.folded.length; ) {
    const at = longestAt(said, root, i)
    if (at === undefined) i++
    else {
      found.push({ ...at, first: i, ...spanOf(said, i, at.last) })
      i = at.last + 1
    }
  }
  return found
}

function longestAt(said: Said, root: Node, first: number): Pick<FoundLandmark, 'landmarks' | 'last'> | undefined {
  let node: Node | undefined = root
  let found: Pick<FoundLandmark, 'landmarks' | 'last'> | undefined
  for (let i = first; i < said.folded.length && node !== undefined; i++) {
    if (i > first && said.flat.slice(said.starts[i - 1]! + said.folded[i - 1]!.length, said.starts[i]!) === ' | ') break
    const word = said.folded[i]!
    const keys: readonly string[] =
      i > first && said.folded[i - 1] === 'nga' && FIGURES[word] !== undefined
        ? [FIGURES[word]]
        : (SHORT[word] ?? [said.keys[i]!])
    for (const key of keys) node = node?.next.get(key)
    if (node !== undefined && node.landmarks.length > 0) {
      const fitting = node.landmarks.filter(({ name }) => i > first || isAccented(said, i, name))
      if (fitting.length > 0) found = { landmarks: fitting, last: i }
    }
  }
  return found
}

/** A name of one word must be written with its own accents where its writer uses some. */
function isAccented(said: Said, i: number, name: string): boolean {
  const own = accentedSpelling(name.split(' ').at(-1)!)
  const { source, words, accented } = said
  return !accented || accentedSpelling(source.text.slice(source.at[words[i]!.start], source.at[words[i]!.end])) === own
}
