import { useEffect, useMemo, useRef, useState } from 'react'
import type { Language } from '../../services/language.ts'
import { loadWords } from '../words/load-words.ts'
import { rememberLanguage } from '../words/page-language.ts'
import type { Words } from '../words/words.ts'
import { ChatProvider, useChat, useLine, useStore } from './chat-context.ts'
import type { Chat } from './chat-context.ts'
import { Header } from './chrome/header.tsx'
import { LineBar } from './chrome/line-bar.tsx'
import { SendBox } from './chrome/send-box.tsx'
import { Stepper } from './chrome/stepper.tsx'
import type { Connection } from './connection/connection.ts'
import type { ChosenFiles } from './connection/upload.ts'
import type { Host } from './host/host.ts'
import { useEscape } from './host/use-escape.ts'
import { createPressRecord } from './presses.ts'
import type { Presses } from './presses.ts'
import { Announcer } from './transcript/announcer.tsx'
import { Transcript } from './transcript/transcript.tsx'
import { useConversation } from './transcript/use-conversation.ts'
import type { Conversation } from './transcript/use-conversation.ts'
import { useSend, WebChat } from './web-chat.ts'

export type AppProps = {
  readonly firstWords: Words
  readonly connection: Connection
  readonly host: Host
  readonly files: ChosenFiles
  /** Tells the connection which language the conversation is to begin in. */
  readonly onWords: (words: Words) => void
}

export function App(props: AppProps) {
  const [words, setWords] = useState(props.firstWords)
  const record = useMemo(() => createPressRecord(props.connection), [props.connection])
  const { onWords } = props

  useEffect(() => {
    showLanguage(words)
    onWords(words)
  }, [words, onWords])

  return (
    <WebChat directLine={record.botConnection} locale={words.tag} dir={words.direction}>
      <Frame {...props} words={words} setWords={setWords} presses={record.presses} />
    </WebChat>
  )
}

export function showLanguage(words: Words): void {
  document.documentElement.lang = words.language
  document.documentElement.dir = words.direction
  document.title = `${words.say('app.serviceName')} – ${words.say('app.name')}`
}

type FrameProps = AppProps & {
  readonly words: Words
  readonly setWords: (words: Words) => void
  readonly presses: Presses
}

function Frame({ words, setWords, presses, connection, host, files }: FrameProps) {
  const post = useSend(files)
  const chat = useMemo<Chat>(
    () => ({
      words,
      connection,
      host,
      presses,
      send: outgoing => connection.opened.get() && post(outgoing),
    }),
    [words, connection, host, presses, post],
  )
  return (
    <ChatProvider value={chat}>
      <Page setWords={setWords} />
    </ChatProvider>
  )
}

function Page({ setWords }: { readonly setWords: (words: Words) => void }) {
  const { host } = useChat()
  const line = useLine()
  const conversation = useConversation()
  const changeLanguage = (language: Language): void => {
    rememberLanguage(language)
    void loadWords(language).then(setWords)
  }
  usePageLanguage(changeLanguage)
  useConversationLanguage(conversation, changeLanguage)
  useUnread(conversation)
  useEscape(host)
  return (
    <main className={line === 'signedOut' ? 'chat chat--out' : 'chat'}>
      <div className="chat__top">
        <Header onLanguage={changeLanguage} />
        <Stepper step={conversation.step} />
        <LineBar />
      </div>
      <Transcript conversation={conversation} />
      <SendBox />
      <Announcer messages={conversation.messages} />
    </main>
  )
}

/** The page follows the language of the newest message, and until that comes, the one just asked for. */
function useConversationLanguage({ language, newestBot }: Conversation, change: (language: Language) => void): void {
  const { words, host } = useChat()
  const latest = useRef({ words, change })
  latest.current = { words, change }
  const newestKey = newestBot?.key
  useEffect(() => {
    if (language && language !== latest.current.words.language) latest.current.change(language)
  }, [language, newestKey])
  useEffect(() => host.tellLanguage(words.language), [host, words.language])
}

/** The page around the chat was turned to another language: so is the conversation. */
function usePageLanguage(change: (language: Language) => void): void {
  const { words, host, send } = useChat()
  const latest = useRef({ words, send, change })
  latest.current = { words, send, change }
  useEffect(
    () =>
      host.onPageLanguage(language => {
        if (language === latest.current.words.language) return
        latest.current.change(language)
        latest.current.send({ value: { v: 1, command: 'language', choice: language } })
      }),
    [host],
  )
}

function useUnread({ messages }: Conversation): void {
  const { host } = useChat()
  const visible = useStore(host.visible)
  const seen = useRef(0)
  const count = messages.filter(message => message.role === 'bot').length
  if (visible) seen.current = count
  useEffect(() => host.tellUnread(visible ? 0 : count - seen.current), [host, visible, count])
}
