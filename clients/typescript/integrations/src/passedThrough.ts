/** Streams that are listened to. */

/** The same stream; `onPart` sees its parts, `onEnd` runs once, at its end or when its reader stops early. */
export function passedThrough<T>(
  stream: ReadableStream<T>,
  onPart: (part: T) => void,
  onEnd: () => Promise<void>,
): ReadableStream<T> {
  const reader = stream.getReader();
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        await onEnd();
        controller.close();
      } else {
        onPart(value);
        controller.enqueue(value);
      }
    },
    async cancel(reason) {
      await Promise.all([reader.cancel(reason), onEnd()]);
    },
  });
}
