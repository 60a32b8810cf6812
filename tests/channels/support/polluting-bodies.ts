/** Keys by which a careless copy reaches the prototype of every object. */
const keys = ['__proto__', 'constructor', 'prototype', 'constructor.prototype', '__proto__.__proto__']
const poison = '{"polluted":1,"text":"y","type":"event"}'

/** Where a client may place one, in the JSON of an activity. */
const places: readonly ((member: string) => string)[] = [
  member => `"value":{${member}}`,
  member => `"value":{"a":[{${member}}]}`,
  member => `"value":{"choice":"confirm",${member}}`,
  member => `"value":[[{${member}}]]`,
  member => `"channelData":{${member}}`,
  member => `"channelData":{"postBack":true,${member}}`,
  member => `"channelData":{"postBack":{${member}}}`,
  member => `"attachments":[{${member}}],"value":{"a":1}`,
  member => `"from":{${member}},"conversation":{${member}}`,
  member => member,
]

/** `constructor.prototype` becomes `"constructor":{"prototype":…}`. */
function memberOf(key: string): string {
  return key
    .split('.')
    .reduceRight((inner, name) => `{"${name}":${inner}}`, poison)
    .slice(1, -1)
}

/** The bodies of fifty messages that try to change a prototype, as JSON text: an object literal would lose `__proto__`. */
export function pollutingBodies(): string[] {
  return keys.flatMap(key => places.map(place => `{"type":"message","text":"x",${place(memberOf(key))}}`))
}
