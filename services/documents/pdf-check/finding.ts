/** What is wrong with the objects of a file. */
export type Finding = 'active' | 'attachments' | 'tooComplex' | 'damaged'
