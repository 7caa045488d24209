/** The terms of a score, in the order in which they are drawn. */
export const TERMS = [
  "meaning",
  "lexical",
  "conversation",
  "links",
  "described",
  "speaker",
  "day",
  "neighbours",
  "peers",
  "thumbs",
  "decay",
];
