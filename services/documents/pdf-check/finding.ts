/** What is wrong with the objects of a file. `active`: it runs something, or leads elsewhere, by itself. */
export type Finding = 'active' | 'attachments' | 'tooComplex' | 'damaged'
