/** Business time comes from here and nowhere else: tests move it, SQL gets it as a parameter. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that a test moves by hand. */
export function movedClock(start: Date): Clock & { move(milliseconds: number): void } {
  let at = start.getTime()
  return {
    now: () => new Date(at),
    move: (milliseconds) => {
      at += milliseconds
    },
  }
}
