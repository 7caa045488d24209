import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";

const Palette = lazy(() => import("./Palette"));

interface OpenedPalette {
  open: () => void;
  /** The palette itself while it is open: to be put somewhere. */
  element: ReactNode;
}

/** Opens with Ctrl and K, on a Mac with Cmd and K, wherever one types. */
export function usePalette(): OpenedPalette {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== "k" ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return {
    open: () => setOpen(true),
    element: isOpen && (
      <Suspense>
        <Palette onClose={() => setOpen(false)} />
      </Suspense>
    ),
  };
}
