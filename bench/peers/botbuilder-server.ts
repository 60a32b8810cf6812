import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConversationState,
  MemoryStorage,
  MessageFactory,
  UserState,
  type Request,
  type StatePropertyAccessor,
} from 'botbuilder'
import {
  AttachmentPrompt,
  ChoiceFactory,
  ChoicePrompt,
  ComponentDialog,
  ConfirmPrompt,
  DialogSet,
  DialogTurnStatus,
  WaterfallDialog,
  type DialogState,
  type WaterfallStepContext,
} from 'botbuilder-dialogs'
import restify from 'restify'

/*
 * The same form as a stock waterfall bot, put together as Microsoft's sample 05.multi-turn-prompt is: CloudAdapter,
 * ActivityHandler, prompts with their recognizers, MemoryStorage, restify with its body parser. It keeps nothing.
 */

interface Profile {
  name?: string
  rib?: string
  beneficiary?: string
  motif?: string
  file?: string
}

let lastNumber = 0
const beneficiaries = ['Moi-même', 'Conjoint', 'Enfant']
const motifs = ['Oncologie', 'Frais supplémentaires', 'Soins non remboursés']

class RequestDialog extends ComponentDialog {
  private readonly profile: StatePropertyAccessor<Profile>

  constructor(userState: UserState) {
    super('request')
    this.profile = userState.createProperty<Profile>('profile')
    this.addDialog(new ConfirmPrompt('confirm', undefined, 'fr-fr'))
    this.addDialog(new ChoicePrompt('choice', undefined, 'fr-fr'))
    this.addDialog(new AttachmentPrompt('attachment'))
    this.addDialog(
      new WaterfallDialog('steps', [
        this.consent.bind(this),
        this.rib.bind(this),
        this.beneficiary.bind(this),
        this.motif.bind(this),
        this.document.bind(this),
        this.review.bind(this),
        this.submit.bind(this),
      ]),
    )
    this.initialDialogId = 'steps'
  }

  private async consent(step: WaterfallStepContext) {
    const { name, rib } = step.context.activity.value as Profile
    Object.assign(await this.profile.get(step.context, {}), { name, rib })
    return step.prompt('confirm', `Bonjour ${name}. Avez-vous lu la notice, et l'acceptez-vous ?`)
  }

  private async rib(step: WaterfallStepContext) {
    const { rib } = await this.profile.get(step.context, {})
    return step.prompt('confirm', `Ce RIB est-il le vôtre : ${rib} ?`)
  }

  private async beneficiary(step: WaterfallStepContext) {
    return step.prompt('choice', {
      prompt: 'Pour qui est la demande ?',
      choices: ChoiceFactory.toChoices(beneficiaries),
    })
  }

  private async motif(step: WaterfallStepContext<object>) {
    const profile = await this.profile.get(step.context, {})
    profile.beneficiary = (step.result as { value: string }).value
    return step.prompt('choice', { prompt: 'Quel est le motif ?', choices: ChoiceFactory.toChoices(motifs) })
  }

  private async document(step: WaterfallStepContext) {
    const profile = await this.profile.get(step.context, {})
    profile.motif = (step.result as { value: string }).value
    return step.prompt('attachment', 'Joignez un seul PDF.')
  }

  private async review(step: WaterfallStepContext) {
    const profile = await this.profile.get(step.context, {})
    profile.file = (step.result as { name: string }[])[0]?.name ?? ''
    const { name, rib, beneficiary, motif, file } = profile
    await step.context.sendActivity(MessageFactory.text(`${name}, ${rib}, ${beneficiary}, ${motif}, ${file}`))
    return step.prompt('confirm', 'Envoyer ?')
  }

  private async submit(step: WaterfallStepContext) {
    const number = `AES-2026-${String(++lastNumber).padStart(6, '0')}`
    await step.context.sendActivity(MessageFactory.text(`Votre dossier a été créé : ${number}`))
    return step.endDialog()
  }
}

const storage = new MemoryStorage()
const conversationState = new ConversationState(storage)
const userState = new UserState(storage)
const dialog = new RequestDialog(userState)
const dialogState = conversationState.createProperty<DialogState>('DialogState')

class RequestBot extends ActivityHandler {
  constructor() {
    super()
    this.onMessage(async (context, next) => {
      const dialogs = new DialogSet(dialogState)
      dialogs.add(dialog)
      const dialogContext = await dialogs.createContext(context)
      const result = await dialogContext.continueDialog()
      if (result.status === DialogTurnStatus.empty) await dialogContext.beginDialog('request')
      await next()
    })
    this.onDialog(async (context, next) => {
      await conversationState.saveChanges(context, false)
      await userState.saveChanges(context, false)
      await next()
    })
  }
}

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}))
const bot = new RequestBot()
const server = restify.createServer()
server.use(restify.plugins.bodyParser())
server.post('/api/messages', async (request, response) => {
  // restify's types say of what it sets that it may be undefined.
  await adapter.process(request as Request, response, context => bot.run(context))
})
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`)
})
