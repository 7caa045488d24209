/** Ids in the path of a page: encoded once where a link is written, decoded once where the page reads it. */

import { useBrowserLocation } from "wouter/use-browser-location";

/**
 * The path as the browser has it. Wouter decodes what a location hook gives, and an id may hold what looks encoded
 * itself ("a%2Fb" is not "a/b"): so every "%" is escaped, and its decoding gives the path back.
 */
export const useEncodedLocation: typeof useBrowserLocation = (options) => {
  const [path, navigate] = useBrowserLocation(options);
  return [path.replaceAll("%", "%25"), navigate];
};

/** A part of the path as it was before it was encoded; as it stands where nobody has encoded it. */
export function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
