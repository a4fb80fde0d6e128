"""What every peer asks, so that all send the same."""

import os

API_URL = os.environ.get("API_URL", "")
TOKEN = "1:benchmark"
QUESTIONS = {
    "place": "Где должен быть кружок? Напишите название района.",
    "age": "Сколько лет ребёнку? Напишите число.",
    "words": "Чем ему хотелось бы заниматься?",
}
CHOICES = (
    (("Робототехника", "robots"), ("Танцы", "dances")),
    (("Футбол", "football"), ("Рисование", "painting")),
    (("Назад", "back"), ("Меню", "menu")),
)
