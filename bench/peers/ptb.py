"""python-telegram-bot: a ConversationHandler, whose answers are kept in `user_data`."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ContextTypes, ConversationHandler, MessageHandler, filters

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

PLACE, AGE, WORDS = range(3)


def keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in CHOICES]
    )


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    await update.message.reply_text(QUESTIONS["place"], reply_markup=keyboard())
    return PLACE


async def place(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data["place"] = update.message.text
    await update.message.reply_text(QUESTIONS["age"], reply_markup=keyboard())
    return AGE


async def age(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data["age"] = update.message.text
    await update.message.reply_text(QUESTIONS["words"], reply_markup=keyboard())
    return WORDS


async def words(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data["words"] = update.message.text
    await update.message.reply_text(QUESTIONS["place"], reply_markup=keyboard())
    return PLACE


def main() -> None:
    application = Application.builder().token(TOKEN).base_url(f"{API_URL}/bot").build()
    text = filters.TEXT & ~filters.COMMAND
    application.add_handler(
        ConversationHandler(
            entry_points=[MessageHandler(text, start)],
            states={
                PLACE: [MessageHandler(text, place)],
                AGE: [MessageHandler(text, age)],
                WORDS: [MessageHandler(text, words)],
            },
            fallbacks=[],
        )
    )
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
