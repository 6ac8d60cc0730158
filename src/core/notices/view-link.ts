import type { Ports } from '../act.ts'

/** The reporter's view without a phone number: whoever has the link may read it. */
export function viewLink({ publicUrl, secrets }: Pick<Ports, 'publicUrl' | 'secrets'>, code: string): string {
  return `${publicUrl}/api/v1/reports/${code}?key=${secrets.token('view', code)}`
}
