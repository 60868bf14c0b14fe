/** Asks before something is changed: what will happen, how it is undone, and a button that repeats the verb. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { failureOf, type Problem } from "../api/problem.ts";
import { Notice } from "./notice.tsx";

export interface DialogProps {
  /** A question: `Stop all switching?` */
  readonly title: string;
  /** The verb: `Stop all`. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** False: what is needed was not typed yet. */
  readonly isReady?: boolean;
  /** Does it; the dialog closes once it is done. It may be pressed again after a failure: it is sent with the same key. */
  readonly act: (idempotencyKey: string) => Promise<unknown>;
  readonly close: () => void;
  readonly children?: ComponentChildren;
}

export const Dialog = (props: DialogProps): JSX.Element => {
  const { title, verb, isDangerous = false, isReady = true, act, close, children } = props;
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [key] = useState(() => crypto.randomUUID());
  const [isActing, setActing] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  // At once: what is typed after the key that asked for it is for the dialog.
  useLayoutEffect(() => {
    // The browser gives the focus back to what had it, and closes on Escape.
    element.current?.showModal();
  }, []);

  const submit = async (): Promise<void> => {
    setActing(true);
    setProblem(undefined);
    try {
      await act(key);
      element.current?.close();
    } catch (error) {
      setProblem(failureOf(error));
    } finally {
      setActing(false);
    }
  };

  return (
    <dialog ref={element} aria-labelledby={heading} class="dialog" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isActing) void submit();
        }}
      >
        <h2 id={heading}>{title}</h2>
        <div class="dialog-body">{children}</div>
        {problem !== undefined && <Notice tone="bad">{problem.detail}</Notice>}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => element.current?.close()}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button ${isDangerous ? "danger" : "primary"}`}
            disabled={!isReady || isActing}
          >
            {isActing ? "Sending…" : verb}
          </button>
        </div>
      </form>
    </dialog>
  );
};
