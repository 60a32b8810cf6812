import arDialogs from './ar/dialogs.json' with { type: 'json' }
import arApp from './ar/teams-app.json' with { type: 'json' }
import frDialogs from './fr/dialogs.json' with { type: 'json' }
import frApp from './fr/teams-app.json' with { type: 'json' }

/**
 * What Teams shows of the app, outside of the conversation. A command's title is what is said when it is chosen: the
 * words of our own buttons, which the assistant understands.
 */
export function teamsAppWords(language: 'fr' | 'ar') {
  const [app, { button }] = language === 'fr' ? [frApp, frDialogs] : [arApp, arDialogs]
  const commands = (['request', 'history', 'help'] as const).map(name => ({
    title: button[name],
    description: app.command[name],
  }))
  return { ...app.app, commands, tab: app.tab }
}

export type TeamsAppWords = ReturnType<typeof teamsAppWords>
