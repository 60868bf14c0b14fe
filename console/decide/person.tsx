/** Who decides. A deployed API knows it by the signature; on the simulated cloud a person gives a name, which nobody checks. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { health } from "../api/shared.ts";
import { Field } from "../ui/fields.tsx";

/** Kept until the page is left. */
const name = signal("");

/** As the API takes it. */
const namePattern = "[\\w.@\\-]{1,64}";

const isAsked = (): boolean => health.reading.value.value?.emulated === true;

/** False: the name is still to be given. */
export const isNamed = (): boolean =>
  !isAsked() || new RegExp(`^${namePattern}$`).test(name.value.trim());

/** To be sent with what is decided. Undefined: the signature says who. */
export const person = (): string | undefined => {
  const said = name.value.trim();
  return isAsked() && said !== "" ? said : undefined;
};

export const PersonField = (): JSX.Element | null =>
  isAsked() ? (
    <div>
      <Field
        label="Your name"
        value={name.value}
        pattern={namePattern}
        set={(value) => {
          name.value = value;
        }}
      />
      <p class="muted">
        Unauthenticated: on the simulated cloud nobody checks it. Deployed, the signature says who
        you are.
      </p>
    </div>
  ) : null;
