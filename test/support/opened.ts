/** What has been opened, to be closed in the opposite order; also where opening the next thing failed. */
export class Opened {
  readonly #closing: (() => Promise<unknown>)[] = []

  add(close: () => Promise<unknown>): void {
    this.#closing.push(close)
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close()
    this.#closing.length = 0
  }

  /** `open` with what it opens closed again where it fails: a test that failed must not keep the others from ending. */
  static async whole<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = new Opened()
    try {
      return await open(opened)
    } catch (error) {
      await opened.close()
      throw error
    }
  }
}
