/** The bar above every screen: where one is and can go, whether what is shown is live, and the kill switch. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { health } from "../api/shared.ts";
import { clockTime, nowMs, zoneName } from "../clock.ts";
import { route, screens, type ScreenPath } from "../route.ts";
import { settings } from "../settings.ts";
import { Icon } from "../ui/icons.tsx";
import { useReading } from "../ui/screen.tsx";
import { KillSwitch } from "./kill-switch.tsx";

const Logo = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 24 24" fill="none" aria-hidden="true">
    <rect x="2.5" y="5" width="11" height="6" rx="2" class="mark-on-demand" />
    <rect x="10.5" y="13" width="11" height="6" rx="2" class="mark-spot" />
    <path d="M13.5 8h2.2a2.3 2.3 0 0 1 2.3 2.3V13" class="mark-way" />
  </svg>
);

const inBar = Object.entries(screens).filter(([path]) => path !== "targets") as [
  ScreenPath,
  string,
][];

const current = (): ScreenPath | undefined => {
  const screen = route.value?.screen;
  return screen === "targets" ? "" : screen;
};

const Links = ({ leave }: { readonly leave: () => void }): JSX.Element => (
  <>
    {inBar.map(([path, name]) => (
      <a
        key={path}
        href={`/${path}`}
        aria-current={current() === path ? "page" : undefined}
        onClick={leave}
      >
        {name}
      </a>
    ))}
  </>
);

const Live = (): JSX.Element => {
  const { value, problem } = useReading(health);
  const isLive = value !== undefined && problem === undefined;
  return (
    <>
      <span class={`live${isLive ? "" : " lost"}`}>
        <i aria-hidden="true" />
        {isLive
          ? `Live, ${clockTime(new Date(nowMs.value).toISOString())} ${zoneName.value}`
          : value === undefined && problem === undefined
            ? "Connecting"
            : "Not live"}
      </span>
      {value?.emulated === true && <span class="tag">Simulated</span>}
      {!settings.mayWrite && <span class="tag">Read-only</span>}
    </>
  );
};

export const TopBar = (): JSX.Element => {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    setOpen(false);
  }, [route.value]);
  return (
    <header class="top">
      <button
        type="button"
        class="menu plain"
        aria-label="Menu"
        aria-expanded={isOpen}
        aria-controls="screens"
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <Icon name={isOpen ? "cross" : "menu"} />
      </button>
      <a class="logo" href="/" aria-label="Spot Optimizer, Fleet">
        <Logo />
        <span>Spot Optimizer</span>
      </a>
      <nav id="screens" class={isOpen ? "nav open" : "nav"} aria-label="Screens">
        <Links
          leave={() => {
            setOpen(false);
          }}
        />
      </nav>
      <div class="lights">
        <Live />
      </div>
      <KillSwitch />
    </header>
  );
};
