/** What we use of it. Its own types name files without their endings, which Node's way of finding modules refuses. */
declare module 'media-captions' {
  export interface Cue {
    readonly text: string
  }
  /** WebVTT §3.3, as far as we read it. */
  export interface CueNode {
    readonly type: string
    /** Of a text. */
    readonly data?: string
    /** Of `<v Name>`. */
    readonly voice?: string
    readonly children?: readonly CueNode[]
  }
  export function parseText(
    text: string,
    options: { readonly type: 'vtt' | 'srt' },
  ): Promise<{ readonly cues: readonly Cue[] }>
  export function tokenizeVTTCue(cue: Cue): readonly CueNode[]
}
