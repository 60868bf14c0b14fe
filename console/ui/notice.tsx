/** One sentence above other things, with what can be done about it. */
import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icons.tsx";
import type { Tone } from "./status.tsx";

interface NoticeProps {
  readonly tone: Extract<Tone, "bad" | "hold" | "idle">;
  readonly children: ComponentChildren;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const Notice = ({ tone, children, action }: NoticeProps): JSX.Element => (
  <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
    <Icon name={tone === "bad" ? "octagon" : "clock"} />
    <span>{children}</span>
    {action !== undefined && (
      <button type="button" class="button" onClick={action.run}>
        {action.label}
      </button>
    )}
  </div>
);
