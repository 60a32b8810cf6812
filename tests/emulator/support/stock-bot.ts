import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type Request,
  type Response,
  type TurnContext,
} from 'botbuilder'
import { AppCredentials, ServiceClientCredentialsFactory } from 'botframework-connector'
import type { Emulator } from '../../../emulator/start-emulator.ts'

/** Microsoft's own SDK with a bot on it, told of the emulator by the SDK's own settings. */
export interface StockBot {
  /** Of `/api/messages`. */
  readonly url: string
  readonly adapter: CloudAdapter
  close(): Promise<void>
}

/** MSAL refuses http, so that the token comes by the same grant without it. */
class LoopbackCredentials extends AppCredentials {
  readonly #settings: Emulator['settings']
  constructor(settings: Emulator['settings']) {
    super(settings['MicrosoftAppId'] ?? '')
    this.#settings = settings
  }
  protected async refreshToken(): Promise<never> {
    throw new Error('getToken is overridden')
  }
  override async getToken(): Promise<string> {
    const { MicrosoftAppId = '', MicrosoftAppPassword = '', ToChannelFromBotLoginUrl = '' } = this.#settings
    const answer = await fetch(`${ToChannelFromBotLoginUrl}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: MicrosoftAppId,
        client_secret: MicrosoftAppPassword,
        scope: 'https://api.botframework.com/.default',
      }),
    })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    return token
  }
}

function credentialsOf(settings: Emulator['settings']): ServiceClientCredentialsFactory {
  return new (class extends ServiceClientCredentialsFactory {
    async isValidAppId(appId: string): Promise<boolean> {
      return appId === settings['MicrosoftAppId']
    }
    async isAuthenticationDisabled(): Promise<boolean> {
      return false
    }
    async createCredentials(): Promise<AppCredentials> {
      return new LoopbackCredentials(settings)
    }
  })()
}

function asResponse(res: ServerResponse): Response {
  return {
    socket: res.socket,
    end: () => res.end(),
    header: (name: string, value: unknown) => res.setHeader(name, String(value)),
    send: (body: unknown) => res.write(typeof body === 'string' ? body : JSON.stringify(body ?? '')),
    status: (status: number) => {
      res.statusCode = status
    },
  }
}

/** Serves `logic` at `/api/messages` with `CloudAdapter`, every check of the SDK on. */
export async function startStockBot(
  settings: Emulator['settings'],
  logic: (context: TurnContext) => Promise<void>,
): Promise<StockBot> {
  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({ ...settings }, credentialsOf(settings)),
  )
  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request: Request = {
      body: (await json(req)) as Record<string, unknown>,
      headers: req.headers,
      method: 'POST',
    }
    await adapter.process(request, asResponse(res), logic)
  }
  const server = createServer((req, res) => {
    void serve(req, res).catch(() => {
      if (!res.headersSent) res.statusCode = 500
      res.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/api/messages`,
    adapter,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
