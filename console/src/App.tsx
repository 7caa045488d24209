import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { storedKey, storeKey } from "./api";
import { Home } from "./pages/Home";
import { SignIn } from "./pages/SignIn";
import { ErrorBoundary } from "./parts/ErrorBoundary";
import { Layout } from "./parts/layout/Layout";
import { plain } from "./parts/paths";
import { Loading } from "./parts/states";

const Users = lazy(() => import("./pages/Users"));
const User = lazy(() => import("./pages/User"));
const Memory = lazy(() => import("./pages/Memory"));
const Search = lazy(() => import("./pages/Search"));
const Playground = lazy(() => import("./pages/Playground"));
const Tasks = lazy(() => import("./pages/Tasks"));
const Task = lazy(() => import("./pages/Task"));
const Knowledge = lazy(() => import("./pages/Knowledge"));
const KnowledgeBase = lazy(() => import("./pages/KnowledgeBase"));
const Administration = lazy(() => import("./pages/Administration"));
const Operations = lazy(() => import("./pages/Operations"));

/** The pages for whoever has a key, the way in for everybody else. */
export function App() {
  const [key, setKey] = useState(storedKey);
  const [refused, setRefused] = useState(false);
  const queries = useQueryClient();
  const [place] = useLocation();
  useEffect(() => {
    const changed = () => {
      queries.clear();
      setRefused(false);
      setKey(storedKey());
    };
    const wrong = () => {
      storeKey("");
      setRefused(true);
    };
    addEventListener("souvenir:key", changed);
    addEventListener("souvenir:refused", wrong);
    return () => {
      removeEventListener("souvenir:key", changed);
      removeEventListener("souvenir:refused", wrong);
    };
  }, [queries]);
  if (!key) return <SignIn refused={refused} />;
  return (
    <Layout>
      <ErrorBoundary place={place}>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/" component={Home} />
            <Route path="/users" component={Users} />
            <Route path="/users/:user/:tab?">
              {({ user, tab }) => <User key={user} user={plain(user)} tab={tab ?? ""} />}
            </Route>
            <Route path="/memories/:id">{({ id }) => <Memory key={id} id={plain(id)} />}</Route>
            <Route path="/search" component={Search} />
            <Route path="/playground/:tab?">{({ tab }) => <Playground tab={tab ?? ""} />}</Route>
            <Route path="/tasks" component={Tasks} />
            <Route path="/tasks/:id">{({ id }) => <Task key={id} id={plain(id)} />}</Route>
            <Route path="/knowledge" component={Knowledge} />
            <Route path="/knowledge/:id">{({ id }) => <KnowledgeBase key={id} id={plain(id)} />}</Route>
            <Route path="/operations/:tab?">{({ tab }) => <Operations tab={tab ?? ""} />}</Route>
            <Route path="/administration/:tab?">{({ tab }) => <Administration tab={tab ?? ""} />}</Route>
            <Route>
              <Redirect to="/" />
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Layout>
  );
}
