// Passkeys. A form with data-passkey asks the browser for one and sends what it answers in its field "credential".
//   sign-in          nobody is known yet: the options are fetched from the form's own address when the button is pressed
//   add              makes a new passkey
//   anything else    proves it with one of those known; the options lie in the page
const failed = (form, shown) => {
  const words = form.querySelector("[data-passkey-failed]");
  if (words) words.hidden = !shown;
};

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

const optionsOfPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

async function prove({ publicKey }) {
  const found = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) },
  });
  return answer(found, {
    authenticatorData: text(found.response.authenticatorData),
    signature: text(found.response.signature),
    userHandle: found.response.userHandle ? text(found.response.userHandle) : null,
  });
}

async function make({ publicKey }, alone) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
        ...(alone ? { userVerification: "required" } : {}),
      },
    },
  });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

const answer = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
});

async function ask(form) {
  if (form.dataset.passkey === "add") return make(optionsOfPage().creation_options, form.elements.passwordless.checked);
  if (form.dataset.passkey !== "sign-in") return prove(optionsOfPage().request_options);
  const options = await fetch(form.action, { headers: { Accept: "application/json" } });
  return prove((await options.json()).request_options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed(form, false);
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
    } catch {
      failed(form, true); // Called off, timed out, or no passkey of ours here: all the same to the person.
      return;
    }
    form.submit();
  });
}
