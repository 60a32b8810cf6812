/** The app registration of the bot, single-tenant. */
export interface Registration {
  readonly appId: string
  readonly appPassword: string
  readonly tenantId: string
}
