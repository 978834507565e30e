// Marks the answers on the page, and reports score and completion to a platform by SCORM 1.2, where there is one.
"use strict";
(function () {
  const questions = window.lessongenQuestions;
  const api = findApi(window) || (window.opener && findApi(window.opener));
  let isOpen = false;

  function findApi(start) {
    let frame = start;
    for (let steps = 0; steps < 500; steps += 1) {
      try {
        if (frame.API) return frame.API;
      } catch (error) {
        return null; // a page of another site around this one
      }
      if (frame.parent === frame) return null;
      frame = frame.parent;
    }
    return null;
  }

  function report(values) {
    if (!isOpen) return;
    for (const [name, value] of Object.entries(values)) api.LMSSetValue(name, String(value));
    api.LMSCommit("");
  }

  function given(question, field) {
    const found = document.getElementsByName(`q${question.number}-${field}`);
    if (question.kind !== "multiple choice") return [found[0].value];
    return [...found].filter((each) => each.checked).map((each) => each.value);
  }

  function said(text) {
    const plain = text.normalize("NFC").replace(/\u2212/g, "-").toLowerCase().trim().split(/\s+/).join(" ");
    // A minus belongs to its number, and signs of vowels end a word; of an answer that is nothing but marks, they count.
    return plain.replace(/^(?:(?!-\p{N})[^\p{L}\p{N}])+|[^\p{L}\p{M}\p{N}]+$/gu, "") || plain;
  }

  function numberIn(text) {
    const plain = text.replace(/\u2212/g, "-").trim();
    const isGrouped = /^-?[1-9]\d{0,2}(?:[,\s]\d{3})+(?:\.\d+)?$/.test(plain);
    return Number(isGrouped ? plain.replace(/[,\s]/g, "") : plain.replace(",", "."));
  }

  function isTyped(question, answer, right) {
    if (question.tolerance !== null && answer.trim() !== "") {
      return Math.abs(numberIn(answer) - Number(right)) <= Number(question.tolerance);
    }
    return answer.trim() !== "" && (said(answer) === said(right) || answer.trim() === right);
  }

  function isRight(question) {
    return question.fields.every((right, field) => {
      const answers = given(question, field);
      if (question.kind === "short-answer") return right.some((each) => isTyped(question, answers[0], each));
      return answers.length === right.length && answers.every((each) => right.includes(each));
    });
  }

  function tell(question, verdict) {
    const place = document.querySelector(`[data-question="${question.number}"] .told`);
    place.replaceChildren(
      ...[verdict, ...question.told].map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        line.dir = "auto";
        return line;
      }),
    );
  }

  function check() {
    const marked = questions.filter((each) => each.fields.length > 0);
    let right = 0;
    for (const question of questions) {
      if (question.fields.length === 0) {
        tell(question, "Compare your answer:");
      } else if (isRight(question)) {
        right += 1;
        tell(question, "Right.");
      } else {
        tell(question, "Not right.");
      }
    }
    const values = { "cmi.core.lesson_status": "completed" };
    if (marked.length > 0) {
      const score = Math.round((100 * right) / marked.length);
      document.getElementById("result").textContent = `${right} of ${marked.length} right: ${score} %`;
      Object.assign(values, { "cmi.core.score.min": 0, "cmi.core.score.max": 100, "cmi.core.score.raw": score });
    }
    report(values);
  }

  if (api) {
    isOpen = api.LMSInitialize("") === "true";
    const status = isOpen ? api.LMSGetValue("cmi.core.lesson_status") : "";
    if (status === "" || status === "not attempted") {
      report({ "cmi.core.lesson_status": questions.length ? "incomplete" : "completed" });
    }
    window.addEventListener("pagehide", () => {
      if (isOpen) api.LMSFinish("");
      isOpen = false;
    });
  }
  const button = document.getElementById("check");
  if (button) button.addEventListener("click", check);
})();
