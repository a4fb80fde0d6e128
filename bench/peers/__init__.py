"""The same small bot in the field's frameworks, each written as its documentation says: a form in three questions, kept for each user;
every text is an answer, and gets the next question with six buttons. `API_URL` in the environment is the messenger's address."""
