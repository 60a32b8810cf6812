import { Composer, hooks } from 'botframework-webchat-api'
import type { ComponentType, ReactNode } from 'react'
import type { ChosenFiles } from './connection/upload.ts'
import type { Connection } from './connection/connection.ts'
import type { Outgoing } from './chat-context.ts'
import { ownFields } from './presses.ts'

type WebChatProps = {
  readonly directLine: Connection['botConnection']
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  readonly children: ReactNode
}

/** Web Chat's engine: transcript, sending, echoes, proposals, typing. Its types are those of React 16. */
export const WebChat = Composer as unknown as ComponentType<WebChatProps>

/** How the widget says something through Web Chat. */
export function useSend(files: ChosenFiles): (outgoing: Outgoing) => void {
  const post: (activity: never) => void = hooks.usePostActivity()
  return outgoing => post(activityOf(outgoing, files) as never)
}

function activityOf({ text, value, label, press, file }: Outgoing, files: ChosenFiles): object {
  return {
    type: 'message',
    textFormat: 'plain',
    ...(text === undefined ? {} : { text }),
    ...(value === undefined ? {} : { value }),
    ...(file
      ? { attachments: [{ contentType: 'application/pdf', contentUrl: files.add(file), name: file.name }] }
      : {}),
    channelData: {
      ...(value === undefined ? {} : { postBack: true }),
      ...(file ? { attachmentSizes: [file.size], [ownFields.press]: 'file' } : {}),
      [ownFields.label]: label ?? '',
      ...(press === undefined ? {} : { [ownFields.press]: press }),
    },
  }
}
