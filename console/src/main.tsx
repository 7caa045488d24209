import "@radix-ui/themes/tokens/base.css";
import "@radix-ui/themes/tokens/colors/slate.css";
import "@radix-ui/themes/tokens/colors/gray.css";
import "@radix-ui/themes/tokens/colors/iris.css";
import "@radix-ui/themes/tokens/colors/teal.css";
import "@radix-ui/themes/tokens/colors/amber.css";
import "@radix-ui/themes/tokens/colors/pink.css";
import "@radix-ui/themes/tokens/colors/red.css";
import "@radix-ui/themes/tokens/colors/green.css";
import "@radix-ui/themes/tokens/colors/blue.css";
import "@radix-ui/themes/components.css";
import "@radix-ui/themes/utilities.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/states.css";
import "./styles/home.css";
import "./styles/items.css";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import { ApiError } from "./api";
import { App } from "./App";
import { LocaleProvider } from "./i18n";
import { AppearanceProvider } from "./parts/appearance";
import { NotesProvider } from "./parts/notes";
import { useEncodedLocation } from "./parts/paths";

// The gateway allows styles with this number only.
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
if (nonce) setNonce(nonce);

/** What the server refuses for good is not asked again. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500);

const queries = new QueryClient({ defaultOptions: { queries: { retry: worthRetrying, staleTime: 2_000 } } });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <LocaleProvider>
      <AppearanceProvider>
        <QueryClientProvider client={queries}>
          <NotesProvider>
            <Router base="/console" hook={useEncodedLocation}>
              <App />
            </Router>
          </NotesProvider>
        </QueryClientProvider>
      </AppearanceProvider>
    </LocaleProvider>
  </StrictMode>,
);
