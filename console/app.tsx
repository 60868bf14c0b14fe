/** The page: the bar, the screen that the address names, and what every screen has. */
import type { JSX } from "preact";
import { isUtc } from "./clock.ts";
import { go, route, type Route, type ScreenPath } from "./route.ts";
import { screenOf } from "./screens/screens.tsx";
import { Help, showHelp } from "./shell/help.tsx";
import { askToStop } from "./shell/kill-switch.tsx";
import { TopBar } from "./shell/top-bar.tsx";
import { copied, copyByKey } from "./ui/copied.ts";
import { said } from "./ui/live.ts";
import { Empty, Screen } from "./ui/screen.tsx";
import { useKeys } from "./ui/use-keys.ts";

const waysTo: Readonly<Record<string, ScreenPath>> = {
  f: "",
  e: "evaluations",
  p: "approvals",
  s: "savings",
  r: "risk",
  w: "waste",
  g: "governance",
  a: "accounts",
};

const pageKeys = [
  ...Object.entries(waysTo).map(([key, path]) => ({
    keys: `g ${key}`,
    means: `Go to ${path === "" ? "fleet" : path}`,
    run: () => {
      go(`/${path}`);
    },
  })),
  { keys: "!", means: "Stop all switching", run: askToStop },
  {
    keys: "t",
    means: "Times in UTC, or here",
    run: () => {
      isUtc.value = !isUtc.value;
    },
  },
  {
    keys: "c",
    means: "Copy the id",
    run: () => {
      const id = route.value?.id;
      if (id !== undefined) void copyByKey(id, "the id");
    },
  },
  {
    keys: "y",
    means: "Copy a link to what is shown",
    run: () => {
      void copyByKey(location.origin + location.pathname + location.search, "the link");
    },
  },
  { keys: "?", means: "Show the keys", run: showHelp },
];

const Unknown = (): JSX.Element => (
  <Screen title="There is no such page">
    <Empty>
      <a href="/">Go to the fleet</a>
    </Empty>
  </Screen>
);

const Current = ({ at }: { readonly at: Route | undefined }): JSX.Element => {
  if (at === undefined) return <Unknown />;
  const Found = screenOf(at);
  // Another thing is another screen: nothing of the one before stays.
  return <Found key={`${at.screen}/${at.id ?? ""}/${at.part ?? ""}`} route={at} />;
};

export const App = (): JSX.Element => {
  useKeys(pageKeys);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <Current at={route.value} />
      <Help />
      <div class="unseen" aria-live="polite">
        {said.value}
      </div>
      {copied.value !== "" && (
        <div class="copied" aria-hidden="true">
          {copied.value}
        </div>
      )}
    </>
  );
};
