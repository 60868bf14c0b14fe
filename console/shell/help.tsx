/** The keys that go here, and the switch that turns them off. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { areKeysOn, boundKeys, setKeysOn, type KeyBinding } from "../keys.ts";

const isShown = signal(false);

export const showHelp = (): void => {
  isShown.value = true;
};

/** A screen's own go before those of the page. */
const inForce = (bindings: readonly KeyBinding[]): readonly KeyBinding[] =>
  bindings.filter(({ keys }, index) => bindings.findIndex((each) => each.keys === keys) === index);

const Sheet = (): JSX.Element => {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby="keys"
      onClose={() => {
        isShown.value = false;
      }}
    >
      <h2 id="keys">Keys</h2>
      <dl class="keys">
        {inForce(boundKeys.value).map(({ keys, means }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={(event) => {
            setKeysOn(event.currentTarget.checked);
          }}
        />
        Letters and signs are on (arrows, Enter and Space always are)
      </label>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => element.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
};

export const Help = (): JSX.Element | null => (isShown.value ? <Sheet /> : null);
