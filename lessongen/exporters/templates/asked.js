window.lessongenQuestions = JSON.parse(document.getElementById("asked").textContent);
