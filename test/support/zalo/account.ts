/** What a test ties a source and the stand-in to. */
export const ZALO = {
  oaId: '1423847451268726170',
  appId: '102719276611582260',
  secretKey: 'not-a-real-secret-key',
  appSecret: 'not-a-real-app-secret',
  refreshToken: 'not-a-real-refresh-token',
}
