import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { type Device, DEVICE_MS, type KnownDevices } from '../../services/accounts/known-devices.ts'

/** Tells a browser in which a member has signed in from any other. It outlives the session, and opens nothing by itself. */
export interface DeviceCookie {
  /** @returns undefined when the browser has none, or none of ours */
  read(headers: IncomingHttpHeaders): Device | undefined
  /** The member has signed in here. */
  remember(res: ServerResponse, device: Device | undefined, memberId: string): void
}

interface Deps {
  readonly isSecure: boolean
  readonly devices: KnownDevices
}

export function createDeviceCookie({ isSecure, devices }: Deps): DeviceCookie {
  const name = isSecure ? '__Host-moussaada-device' : 'moussaada-device'
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}; Max-Age=${DEVICE_MS / 1000}`
  const shape = new RegExp(`(?:^|;\\s*)${name}=([\\w-]{1,2000})(?:;|$)`)

  return {
    read({ cookie = '' }) {
      const value = shape.exec(cookie)?.[1]
      return value === undefined ? undefined : devices.read(value)
    },
    remember(res, device, memberId) {
      res.appendHeader('Set-Cookie', `${name}=${devices.remember(device, memberId)}; ${attributes}`)
    },
  }
}
